import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, type Person } from '../support/given.js';
import { createWorld, type World } from '../support/world.js';

interface ExplanationBody {
  rules: { rule: string; result: string; explanation: string; by: string | null; inputs: unknown }[];
  missing: string[];
  by: string | null;
  next: string;
}

describe('what is explained', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
    const limits = { hold_days: 14, cap_conversions: 1, cap_window_days: 30, budget_days: 1000 };
    await world.given.terms({ ...limits, minimum_amounts: JSON.stringify({ usd: 500 }), referred_days: 30 });
  });
  afterAll(() => world.close());

  const get = async <T>(person: Person, path: string, language = 'en') =>
    (
      await world.app.inject({
        url: `/api/v1/${path}`,
        headers: { ...bearer(person), 'accept-language': language },
      })
    ).json<T>();
  const page = async (person: Person, path: string) =>
    world.app.inject({
      url: path,
      headers: { accept: 'text/html', cookie: `tf_session=${person.token}` },
    });

  async function inviteOf(anna: Person, index = 0): Promise<string> {
    const { items } = await get<{ items: { id: string }[] }>(anna, 'referral/invites');
    return items[index]?.id ?? '';
  }
  const results = ({ rules }: ExplanationBody) =>
    Object.fromEntries(rules.map(({ rule, result }) => [rule, result]));

  it.each([
    { language: 'en', you: /\byour?\b/i, they: /\b(they|the person who invited)\b/i },
    { language: 'de', you: /\b(Sie|Ihre?n?)\b/, they: /\beinladende/ },
  ])('the friend reads of themself, staff read of others, in $language', async ({ language, you, they }) => {
    const { given } = world;
    const anna = await given.user();
    const bert = await given.userInvitedBy(anna);
    const support = await given.user({ role: 'support' });
    const wordsFor = async (person: Person, path: string) => {
      const { rules } = await get<ExplanationBody>(person, path, language);
      return rules.map(({ explanation }) => explanation).join(' ');
    };
    const toFriend = await wordsFor(bert, 'referral/invitation/explain');
    const toStaff = await wordsFor(support, `admin/referrals/${await inviteOf(anna)}/explain`);
    expect([you.test(toFriend), they.test(toFriend)]).toEqual([true, false]);
    expect([you.test(toStaff), they.test(toStaff)]).toEqual([false, true]);
  });

  it('what is explained says every rule of an invite with its inputs, what is missing and by when, to both sides and to staff', async () => {
    const { given, when } = world;
    const anna = await given.user();
    const bert = await given.userInvitedBy(anna);
    const support = await given.user({ role: 'support' });
    const id = await inviteOf(anna);
    const before = await get<ExplanationBody>(anna, `referral/invites/${id}/explain`);
    expect(results(before)).toEqual({
      ...{ email_verified: 'met', newcomer: 'met', programme_rules: 'met', first_payment: 'missing' },
      ...{ cap: 'waiting', budget: 'waiting', refund_window: 'waiting', credit: 'missing' },
    });
    expect(before.rules.find(({ rule }) => rule === 'first_payment')?.inputs).toEqual({
      minimumAmounts: { usd: 500 },
      qualifyingPrices: [],
      termsVersion: 2,
    });
    await when.pays(bert);
    const closes = new Date(when.seconds * 1000 + 14 * 86_400_000).toISOString();
    const during = await get<ExplanationBody>(anna, `referral/invites/${id}/explain`);
    expect(results(during)).toMatchObject({ cap: 'met', refund_window: 'waiting', credit: 'waiting' });
    expect(during.by).toBe(closes);
    expect(during.missing).toContain(
      '45 days are reserved for you, arriving on Nov 15, 2026 if the payment is still valid then.',
    );
    const own = await get<ExplanationBody>(bert, 'referral/invitation/explain', 'de');
    expect(own.missing).toContain(
      '30 Tage sind für Sie vorgemerkt und kommen am 15.11.2026 an, wenn die Zahlung dann noch gültig ist.',
    );
    expect(results(own)).not.toHaveProperty('cap');
    const seen = await get<ExplanationBody>(support, `admin/referrals/${id}/explain`);
    expect(seen.rules.find(({ rule }) => rule === 'programme_rules')?.inputs).toMatchObject({
      outcome: 'allow',
      findings: [{ rule: 'unfamiliar_domain', mode: 'shadow' }],
    });
    expect((await page(support, `/admin/referrals/${id}`)).body).toContain('Refund window');
    expect((await page(anna, `/settings/invites/${id}`)).body).toContain('Decided by');
  });

  it('what is explained says that the cap was reached to the referrer, while the friend is credited', async () => {
    const { given, when } = world;
    const anna = await given.user();
    for (let friend = 0; friend < 2; friend++) {
      await when.pays(await given.userInvitedBy(anna));
      world.clock.advance(1_000);
    }
    const capped = await get<ExplanationBody>(anna, `referral/invites/${await inviteOf(anna)}/explain`);
    expect(results(capped)).toMatchObject({ cap: 'undone' });
    expect(capped.rules.find(({ rule }) => rule === 'cap')?.explanation).toBe(
      'The limit was reached when the payment arrived: 1 rewarded invitation in 30 days.',
    );
  });

  it('what is explained says where a line of credit came from and what became of it, to its owner and to staff', async () => {
    const { given } = world;
    const root = await given.user({ role: 'admin' });
    const anna = await given.user();
    const give = await world.app.inject({
      method: 'POST',
      url: `/api/v1/admin/users/${anna.id}/credit`,
      headers: bearer(root),
      payload: { days: 10, reason: 'for the bug report' },
    });
    const { id } = give.json<{ id: string }>();
    interface Entry {
      steps: { kind: string; explanation: string }[];
      daysAhead: number;
      covers: string;
    }
    const fresh = await get<Entry>(anna, `credit/entries/${id}/explain`);
    expect(fresh).toMatchObject({ steps: [{ kind: 'admin_grant', explanation: '10 days were added.' }] });
    expect(fresh.daysAhead).toBeCloseTo(10, 3);
    const shown = (await page(anna, `/settings/credit/${id}`)).body;
    expect(shown).toContain('“for the bug report”');
    await world.app.inject({
      ...{ method: 'PUT', url: '/api/v1/me', headers: bearer(anna) },
      payload: { timeZone: 'Pacific/Kiritimati' },
    });
    const moved = (await page(anna, `/settings/credit/${id}`)).body;
    const dayOf = (body: string) => /covers (.*? \d{4})/.exec(body)?.[1];
    expect([dayOf(fresh.covers), dayOf(moved)]).toEqual(['Nov 1, 2026', '2 Nov 2026']);
    world.clock.advance(4 * 86_400_000);
    await world.app.inject({
      method: 'POST',
      url: `/api/v1/admin/credit/${id}/revoke`,
      headers: bearer(root),
      payload: { reason: 'by mistake' },
    });
    expect(await get<Entry>(root, `admin/credit/${id}/explain`, 'de')).toMatchObject({
      steps: [{}, { kind: 'admin_revoke', explanation: '6 Tage wurden zurückgenommen.' }],
      daysAhead: 0,
      covers: expect.stringContaining('Davon ist nichts übrig'),
    });
    const bert = await given.user();
    expect((await page(bert, `/settings/credit/${id}`)).statusCode).toBe(404);
  });
});
