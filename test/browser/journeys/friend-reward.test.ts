import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { captureLayout } from '../../support/browser.js';
import { createBrowserWorld, textOf, type BrowserWorld } from '../../support/browser-world.js';
import type { Person } from '../../support/given.js';
import { languages, type Language } from '../../support/languages.js';
import { referralSteps } from '../../support/referral-steps.js';
import { createStaff, type Staff } from '../../support/staff.js';
import { worldStart, type World } from '../../support/world.js';

/** A friend reads on the page and by email who invited them, what they get and when, or why not. */
const dayMs = 86_400_000;
let browserWorld: BrowserWorld;
let world: World;
let staff: Staff;
let steps: ReturnType<typeof referralSteps>;
beforeAll(async () => {
  browserWorld = await createBrowserWorld();
  ({ world } = browserWorld);
  staff = await createStaff(world);
  steps = referralSteps(world);
});
afterAll(() => browserWorld.close());
beforeEach(() => {
  world.clock.set(worldStart);
});

/** Whom Anna invited, under terms of now. An address of mailinator.com is reviewed. */
async function friendOfAnna(language: Language, holdDays: number, domain = 'example.org'): Promise<Person> {
  await world.given.terms({ referred_days: 60, hold_days: holdDays });
  return steps.friendOf(await steps.personNamed('Anna'), { language, domain });
}

interface State {
  name: string;
  /** A friend whose reward is in this state. */
  make(language: Language): Promise<Person>;
  /** What the page and the newest email say; null: there is no email. */
  says: Record<Language, { page: string; email: string | null }>;
}

const states: State[] = [
  {
    name: 'before paying',
    make: (language) => friendOfAnna(language, 14),
    says: {
      en: {
        page: 'Anna invited you. Waiting You get 60 days of paid access 14 days after your first payment.',
        email: null,
      },
      de: {
        page: 'Anna hat Sie eingeladen. Wartet Sie bekommen 60 Tage bezahlten Zugang 14 Tage nach Ihrer ersten Zahlung.',
        email: null,
      },
    },
  },
  {
    name: 'on hold',
    make: async (language) => {
      const friend = await friendOfAnna(language, 14);
      await steps.pays(friend);
      return friend;
    },
    says: {
      en: {
        page: 'Anna invited you. On its way 60 days are reserved for you, arriving on 15 Nov 2026 if the payment is still valid then.',
        email:
          'Anna invited you and you made your first payment. 60 days are reserved for you, arriving on November 15, 2026 if the payment is still valid then.',
      },
      de: {
        page: 'Anna hat Sie eingeladen. Unterwegs 60 Tage sind für Sie vorgemerkt und kommen am 15. Nov. 2026 an, wenn die Zahlung dann noch gültig ist.',
        email:
          'Anna hat Sie eingeladen, und Sie haben zum ersten Mal bezahlt. 60 Tage sind für Sie vorgemerkt und kommen am 15. November 2026 an, wenn die Zahlung dann noch gültig ist.',
      },
    },
  },
  {
    name: 'in review',
    make: async (language) => {
      const friend = await friendOfAnna(language, 0, 'mailinator.com');
      await steps.pays(friend);
      return friend;
    },
    says: {
      en: {
        page: 'Anna invited you. In review Our team reviews the invitation before your 60 days arrive.',
        email:
          'Anna invited you and you made your first payment. Our team reviews the invitation before your 60 days arrive.',
      },
      de: {
        page: 'Anna hat Sie eingeladen. In Prüfung Unser Team prüft die Einladung, bevor Ihre 60 Tage ankommen.',
        email:
          'Anna hat Sie eingeladen, und Sie haben zum ersten Mal bezahlt. Unser Team prüft die Einladung, bevor Ihre 60 Tage ankommen.',
      },
    },
  },
  {
    name: 'rejected before paying',
    make: async (language) => {
      const friend = await friendOfAnna(language, 0);
      await steps.rejects(staff, friend);
      return friend;
    },
    says: {
      en: {
        page: 'Anna invited you. Not rewarded You get no days for this invitation. Our team reviewed this invitation and did not accept it.',
        email:
          'Anna invited you. Our team reviewed this invitation and did not accept it, so there is no reward.',
      },
      de: {
        page: 'Anna hat Sie eingeladen. Ohne Belohnung Für diese Einladung bekommen Sie keine Tage. Unser Team hat diese Einladung geprüft und nicht angenommen.',
        email:
          'Anna hat Sie eingeladen. Unser Team hat diese Einladung geprüft und nicht angenommen, deshalb gibt es keine Belohnung.',
      },
    },
  },
  {
    name: 'rejected, and paid',
    make: async (language) => {
      const friend = await friendOfAnna(language, 0);
      await steps.rejects(staff, friend);
      await steps.pays(friend);
      return friend;
    },
    says: {
      en: {
        page: 'Anna invited you. Not rewarded You get no days for this invitation. Our team reviewed this invitation and did not accept it.',
        email:
          'Anna invited you and you made your first payment. Thank you! You get no days for this invitation. Our team reviewed this invitation and did not accept it.',
      },
      de: {
        page: 'Anna hat Sie eingeladen. Ohne Belohnung Für diese Einladung bekommen Sie keine Tage. Unser Team hat diese Einladung geprüft und nicht angenommen.',
        email:
          'Anna hat Sie eingeladen, und Sie haben zum ersten Mal bezahlt. Vielen Dank! Für diese Einladung bekommen Sie keine Tage. Unser Team hat diese Einladung geprüft und nicht angenommen.',
      },
    },
  },
  {
    name: 'refunded',
    make: async (language) => {
      const friend = await friendOfAnna(language, 0);
      const payment = await steps.pays(friend);
      world.clock.advance(2 * dayMs);
      await steps.refunds(payment);
      return friend;
    },
    says: {
      en: {
        page: 'Anna invited you. Taken back The days that you had not used were taken back. Your payment of $10.00 on 1 Nov 2026 was refunded in full on 3 Nov 2026.',
        email:
          'We took 58 days of paid access for the invitation from Anna from your account. Days that you have already used stay yours. Your payment of $10.00 on November 1, 2026 was refunded in full on November 3, 2026.',
      },
      de: {
        page: 'Anna hat Sie eingeladen. Zurückgenommen Die Tage, die Sie noch nicht verbraucht hatten, wurden zurückgenommen. Ihre Zahlung vom 1. Nov. 2026 über 10,00 $ wurde am 3. Nov. 2026 vollständig erstattet.',
        email:
          'Wir haben 58 Tage bezahlten Zugang für die Einladung von Anna von Ihrem Konto genommen. Tage, die Sie schon verbraucht haben, bleiben Ihnen. Ihre Zahlung vom 1. November 2026 über 10,00 $ wurde am 3. November 2026 vollständig erstattet.',
      },
    },
  },
  {
    name: 'credited',
    make: async (language) => {
      const friend = await friendOfAnna(language, 0);
      await steps.pays(friend);
      return friend;
    },
    says: {
      en: {
        page: 'Anna invited you. Credited 60 days were added to your account on 1 Nov 2026.',
        email:
          'Anna invited you and you made your first payment, so 60 days of paid access were added to your account.',
      },
      de: {
        page: 'Anna hat Sie eingeladen. Gutgeschrieben 60 Tage wurden Ihrem Konto am 1. Nov. 2026 gutgeschrieben.',
        email:
          'Anna hat Sie eingeladen, und Sie haben zum ersten Mal bezahlt, deshalb wurden 60 Tage bezahlter Zugang Ihrem Konto gutgeschrieben.',
      },
    },
  },
];

const cases = states.flatMap((state) => languages.map((language) => ({ ...state, language })));

it.each(cases)('$name, in $language', async ({ name, make, says, language }) => {
  const friend = await make(language);
  const page = await browserWorld.openPage(friend, { language, path: '/settings' });
  expect(await textOf(page, '#invitation')).toContain(says[language].page);
  const email = (await steps.emailsTo(friend)).at(-1)?.text_part.replaceAll(/\s+/g, ' ') ?? null;
  if (says[language].email === null) expect(email).toBe(null);
  else expect(email).toContain(says[language].email);
  if (name === 'before paying') {
    await page.goto(`${browserWorld.url}/pricing`);
    expect(await textOf(page)).toContain(says[language].page.replace(/ (Waiting|Wartet) /, ' '));
  }
  expect(await captureLayout(page, `invitation-${name.replaceAll(/\W+/g, '-')}-${language}`)).toEqual([]);
});
