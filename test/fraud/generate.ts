import { diceOf, type Dice } from '../proofs/stage/dice.js';

/** Somebody who signs up. `invitedBy` and `claims` are places in their story: who invited them, and whose code they add later. */
export interface SignUp {
  email: string;
  ip: string;
  device: string;
  invitedBy: number | null;
  claims?: number;
  /** The card they pay with; null: they never pay. */
  card: string | null;
}

/** A story with its label: people who belong together, the first of whom came by themselves. */
export interface Story {
  label: 'honest' | 'fraud';
  kind: string;
  people: SignUp[];
}

/** Makes unlike things on demand: each address, network, device and card is new unless it is handed on. */
class Source {
  private made = 0;

  constructor(readonly dice: Dice) {}

  one<Thing>(...things: [Thing, ...Thing[]]): Thing {
    return things[this.dice.below(things.length)] ?? things[0];
  }
  chance(percent: number): boolean {
    return this.dice.below(100) < percent;
  }
  name(): string {
    return `${this.one('anna', 'bert', 'carla', 'dora', 'emil', 'frida', 'gustav')}${++this.made}`;
  }
  email(): string {
    const name = this.chance(20) ? `${this.name()}.${this.name()}` : this.name();
    const tag = this.chance(10) ? '+twofold' : '';
    return `${name}${tag}@${this.one('gmail.com', 'outlook.com', 'gmx.de', 'proton.me', `firm${++this.made}.example`)}`;
  }
  ip(): string {
    const n = ++this.made;
    return `${80 + (n % 40)}.${(n >> 4) % 250}.${n % 250}.${1 + this.dice.below(250)}`;
  }
  device(): string {
    return `device-${++this.made}`;
  }
  card(): string {
    return `card-${++this.made}`;
  }
  stranger(invitedBy: number | null, more: Partial<SignUp> = {}): SignUp {
    const own = { email: this.email(), ip: this.ip(), device: this.device(), card: this.card() };
    return { ...own, invitedBy, ...more };
  }
}

/** Anna tells a few friends, who live elsewhere. */
function friends(source: Source): SignUp[] {
  const count = 1 + source.dice.below(3);
  return [source.stranger(null), ...Array.from({ length: count }, () => source.stranger(0))];
}

/** One home of two to six: one network, sometimes one tablet, sometimes one card for everybody, and now and then each thanks the other. */
function household(source: Source): SignUp[] {
  const ip = source.ip();
  const device = source.chance(50) ? source.device() : null;
  const card = source.chance(30) ? source.card() : null;
  const shared = () => ({
    ip,
    ...(device === null ? {} : { device }),
    ...(card === null ? {} : { card }),
  });
  const members = Array.from({ length: 1 + source.dice.below(5) }, () => source.stranger(0, shared()));
  const thanks = source.chance(10) ? { claims: 1 } : {};
  return [source.stranger(null, { ...shared(), ...thanks }), ...members];
}

/** An office behind one address, where somebody told everybody over lunch. */
function office(source: Source): SignUp[] {
  const ip = source.ip();
  const colleagues = Array.from({ length: 6 + source.dice.below(12) }, () => source.stranger(0, { ip }));
  return [source.stranger(null, { ip }), ...colleagues];
}

/** Somebody with an audience. */
function audience(source: Source): SignUp[] {
  return [source.stranger(null), ...Array.from({ length: 40 }, () => source.stranger(0))];
}

/** One mailbox under many spellings. */
function plusTags(source: Source): SignUp[] {
  const name = source.name();
  const domain = source.one('gmail.com', 'outlook.com', 'fastmail.com');
  const device = source.device();
  const spelled = (index: number) =>
    domain === 'gmail.com' && index < 3 && source.chance(40)
      ? `${name.slice(0, 1 + index)}.${name.slice(1 + index)}@${source.one('gmail.com', 'googlemail.com')}`
      : `${name}+${index}@${domain}`;
  const isOwner = source.chance(50);
  const first = source.stranger(null, isOwner ? { email: `${name}@${domain}`, device } : { device });
  return [
    first,
    ...Array.from({ length: 2 + source.dice.below(4) }, (_, index) =>
      source.stranger(0, { email: spelled(index), device, ...(source.chance(40) ? { ip: first.ip } : {}) }),
    ),
  ];
}

/** One purse behind several names. */
function sharedCards(source: Source): SignUp[] {
  const card = source.card();
  const first = source.stranger(null, source.chance(60) ? { card } : {});
  return [first, ...Array.from({ length: 3 + source.dice.below(6) }, () => source.stranger(0, { card }))];
}

/** Addresses that are thrown away. */
function disposables(source: Source): SignUp[] {
  const device = source.chance(60) ? source.device() : null;
  const domain = () => source.one('mailinator.com', 'yopmail.com', '10minutemail.com', 'guerrillamail.com');
  return [
    source.stranger(null),
    ...Array.from({ length: 3 + source.dice.below(4) }, () =>
      source.stranger(0, {
        email: `${source.name()}@${domain()}`,
        ...(device === null ? {} : { device }),
      }),
    ),
  ];
}

/** Two to six who invite one another in a circle; some also pay with one card. */
function ring(source: Source): SignUp[] {
  const size = 2 + source.dice.below(5);
  const card = source.chance(50) ? source.card() : null;
  const own = card === null ? {} : { card };
  const isClosed = card === null || source.chance(50);
  return Array.from({ length: size }, (_, index) =>
    source.stranger(index === 0 ? null : index - 1, {
      ...own,
      ...(index === 0 && isClosed ? { claims: size - 1 } : {}),
    }),
  );
}

/** Somebody who has several mailboxes, cards and networks, and only one telephone. */
function careful(source: Source): SignUp[] {
  const device = source.device();
  return [source.stranger(null, { device }), source.stranger(0, { device }), source.stranger(0, { device })];
}

const casts: [Story['label'], (source: Source) => SignUp[], number][] = [
  ['honest', friends, 50],
  ['honest', household, 60],
  ['honest', office, 6],
  ['honest', audience, 2],
  ['fraud', plusTags, 15],
  ['fraud', sharedCards, 15],
  ['fraud', disposables, 15],
  ['fraud', ring, 25],
  ['fraud', careful, 5],
];

/** The labelled stories of a seed: the same seed tells the same ones. */
export function storiesOf(seed: number): Story[] {
  const dice = diceOf(seed);
  const source = new Source(dice);
  const stories = casts.flatMap(([label, people, count]) =>
    Array.from({ length: count }, () => ({ label, kind: people.name, people: people(source) })),
  );
  return dice.shuffled(stories);
}
