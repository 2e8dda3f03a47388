import { seededRandom, type SeededRandom } from '../proofs/harness/seeded-random.js';

/**
 * A person who signs up. `invitedBy` and `claims` are places in the scenario: who invited them, and
 * whose code they add later.
 */
export interface SignUp {
  email: string;
  ip: string;
  device: string;
  invitedBy: number | null;
  claimsCodeOf?: number;
  /** The card they pay with; null: they never pay. */
  card: string | null;
}

/** A story with its label: people who belong together, the first of whom came by themselves. */
export interface Scenario {
  label: 'honest' | 'fraud';
  kind: string;
  people: SignUp[];
}

/**
 * Makes unlike things on demand: each address, network, device and card is new unless it is handed
 * on.
 */
class ScenarioSource {
  private counter = 0;

  constructor(readonly seededRandom: SeededRandom) {}

  pick<Thing>(...things: [Thing, ...Thing[]]): Thing {
    return things[this.seededRandom.integerBelow(things.length)] ?? things[0];
  }
  chance(percent: number): boolean {
    return this.seededRandom.integerBelow(100) < percent;
  }
  name(): string {
    return `${this.pick('anna', 'bert', 'carla', 'dora', 'emil', 'frida', 'gustav')}${++this.counter}`;
  }
  email(): string {
    const name = this.chance(20) ? `${this.name()}.${this.name()}` : this.name();
    const tag = this.chance(10) ? '+twofold' : '';
    return `${name}${tag}@${this.pick('gmail.com', 'outlook.com', 'gmx.de', 'proton.me', `firm${++this.counter}.example`)}`;
  }
  ip(): string {
    const n = ++this.counter;
    return `${80 + (n % 40)}.${(n >> 4) % 250}.${n % 250}.${1 + this.seededRandom.integerBelow(250)}`;
  }
  device(): string {
    return `device-${++this.counter}`;
  }
  card(): string {
    return `card-${++this.counter}`;
  }
  stranger(invitedBy: number | null, more: Partial<SignUp> = {}): SignUp {
    const own = { email: this.email(), ip: this.ip(), device: this.device(), card: this.card() };
    return { ...own, invitedBy, ...more };
  }
}

/** Anna invites a few friends, who live elsewhere. */
function friends(scenarioSource: ScenarioSource): SignUp[] {
  const count = 1 + scenarioSource.seededRandom.integerBelow(3);
  return [scenarioSource.stranger(null), ...Array.from({ length: count }, () => scenarioSource.stranger(0))];
}

/**
 * One home of two to six: one network, sometimes one tablet, sometimes one card for everybody, and
 * now and then each thanks the other.
 */
function household(scenarioSource: ScenarioSource): SignUp[] {
  const ip = scenarioSource.ip();
  const device = scenarioSource.chance(50) ? scenarioSource.device() : null;
  const card = scenarioSource.chance(30) ? scenarioSource.card() : null;
  const shared = () => ({
    ip,
    ...(device === null ? {} : { device }),
    ...(card === null ? {} : { card }),
  });
  const members = Array.from({ length: 1 + scenarioSource.seededRandom.integerBelow(5) }, () =>
    scenarioSource.stranger(0, shared()),
  );
  const thanks = scenarioSource.chance(10) ? { claimsCodeOf: 1 } : {};
  return [scenarioSource.stranger(null, { ...shared(), ...thanks }), ...members];
}

/** An office behind one address, where one person invites everyone over lunch. */
function office(scenarioSource: ScenarioSource): SignUp[] {
  const ip = scenarioSource.ip();
  const colleagues = Array.from({ length: 6 + scenarioSource.seededRandom.integerBelow(12) }, () =>
    scenarioSource.stranger(0, { ip }),
  );
  return [scenarioSource.stranger(null, { ip }), ...colleagues];
}

/** A person with an audience. */
function audience(scenarioSource: ScenarioSource): SignUp[] {
  return [scenarioSource.stranger(null), ...Array.from({ length: 40 }, () => scenarioSource.stranger(0))];
}

/** One mailbox under many spellings. */
function plusTags(scenarioSource: ScenarioSource): SignUp[] {
  const name = scenarioSource.name();
  const domain = scenarioSource.pick('gmail.com', 'outlook.com', 'fastmail.com');
  const device = scenarioSource.device();
  const spelled = (index: number) =>
    domain === 'gmail.com' && index < 3 && scenarioSource.chance(40)
      ? `${name.slice(0, 1 + index)}.${name.slice(1 + index)}@${scenarioSource.pick('gmail.com', 'googlemail.com')}`
      : `${name}+${index}@${domain}`;
  const isOwner = scenarioSource.chance(50);
  const first = scenarioSource.stranger(null, isOwner ? { email: `${name}@${domain}`, device } : { device });
  return [
    first,
    ...Array.from({ length: 2 + scenarioSource.seededRandom.integerBelow(4) }, (_, index) =>
      scenarioSource.stranger(0, {
        email: spelled(index),
        device,
        ...(scenarioSource.chance(40) ? { ip: first.ip } : {}),
      }),
    ),
  ];
}

/** One purse behind several names. */
function sharedCards(scenarioSource: ScenarioSource): SignUp[] {
  const card = scenarioSource.card();
  const first = scenarioSource.stranger(null, scenarioSource.chance(60) ? { card } : {});
  return [
    first,
    ...Array.from({ length: 3 + scenarioSource.seededRandom.integerBelow(6) }, () =>
      scenarioSource.stranger(0, { card }),
    ),
  ];
}

/** Addresses that are thrown away. */
function disposables(scenarioSource: ScenarioSource): SignUp[] {
  const device = scenarioSource.chance(60) ? scenarioSource.device() : null;
  const domain = () =>
    scenarioSource.pick('mailinator.com', 'yopmail.com', '10minutemail.com', 'guerrillamail.com');
  return [
    scenarioSource.stranger(null),
    ...Array.from({ length: 3 + scenarioSource.seededRandom.integerBelow(4) }, () =>
      scenarioSource.stranger(0, {
        email: `${scenarioSource.name()}@${domain()}`,
        ...(device === null ? {} : { device }),
      }),
    ),
  ];
}

/** Two to six who invite one another in a circle; some also pay with one card. */
function ring(scenarioSource: ScenarioSource): SignUp[] {
  const size = 2 + scenarioSource.seededRandom.integerBelow(5);
  const card = scenarioSource.chance(50) ? scenarioSource.card() : null;
  const own = card === null ? {} : { card };
  const isClosed = card === null || scenarioSource.chance(50);
  return Array.from({ length: size }, (_, index) =>
    scenarioSource.stranger(index === 0 ? null : index - 1, {
      ...own,
      ...(index === 0 && isClosed ? { claimsCodeOf: size - 1 } : {}),
    }),
  );
}

/** A person who has several mailboxes, cards and networks, and only one telephone. */
function carefulFraudster(scenarioSource: ScenarioSource): SignUp[] {
  const device = scenarioSource.device();
  return [
    scenarioSource.stranger(null, { device }),
    scenarioSource.stranger(0, { device }),
    scenarioSource.stranger(0, { device }),
  ];
}

const scenarioKinds: [Scenario['label'], (scenarioSource: ScenarioSource) => SignUp[], number][] = [
  ['honest', friends, 50],
  ['honest', household, 60],
  ['honest', office, 6],
  ['honest', audience, 2],
  ['fraud', plusTags, 15],
  ['fraud', sharedCards, 15],
  ['fraud', disposables, 15],
  ['fraud', ring, 25],
  ['fraud', carefulFraudster, 5],
];

/** The labelled stories of a seed: the same seed gives the same ones. */
export function generateScenarios(seed: number): Scenario[] {
  const dice = seededRandom(seed);
  const scenarioSource = new ScenarioSource(dice);
  const scenarios = scenarioKinds.flatMap(([label, people, count]) =>
    Array.from({ length: count }, () => ({ label, kind: people.name, people: people(scenarioSource) })),
  );
  return dice.shuffle(scenarios);
}
