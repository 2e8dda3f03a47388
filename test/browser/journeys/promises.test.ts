import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { captureLayout } from '../../support/browser.js';
import { createBrowserWorld, textOf, type BrowserWorld } from '../../support/browser-world.js';
import type { Person } from '../../support/given.js';
import { languages } from '../../support/languages.js';
import { referralSteps } from '../../support/referral-steps.js';
import { createStaff, type Staff } from '../../support/staff.js';
import type { World } from '../../support/world.js';

/** Nothing is promised that does not come: to the inviter, to the friend, and to visitors. */
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

const words = {
  en: {
    reward: /\d+ days/,
    zeroDays: /\b0 days/,
    onTheWay: /on (the|its) way|reserved for you/i,
    hold: 'You get 45 days of paid access 14 days after their first payment.',
    review:
      'You get 45 days of paid access as soon as their first payment arrives, if our team accepts the invitation.',
    capped:
      'You get no days for this invitation. You already have the most rewards that the programme gives: 1 invitation.',
    cappedNow:
      'As things stand, you get no days for this invitation. You already have the most rewards that the programme gives: 1 invitation.',
    none: 'Not rewarded',
    onlyFriend: 'Bring a friend. Your friend gets more.',
    bothGet: 'Both of you',
    friendOnly: 'Only the person you invited gets days under these terms.',
    rejected: 'Our team reviewed this invitation and did not accept it.',
    noneLeft:
      'The programme has no free days left at the moment, so new invitations bring no reward for now.',
    joinForNone: 'The programme has no free days left at the moment, so joining now brings no reward.',
    noneLeftForFriend:
      'As things stand, you get no days for this invitation. The programme has no free days left at the moment. If days become free again before the payment, you get them.',
    fellThrough:
      'You get no days for this invitation. The programme had no days left when the payment arrived.',
  },
  de: {
    reward: /\d+ Tage?n?/,
    zeroDays: /\b0 Tage/,
    onTheWay: /unterwegs|vorgemerkt/i,
    hold: 'Sie bekommen 45 Tage bezahlten Zugang 14 Tage nach der ersten Zahlung.',
    review:
      'Sie bekommen 45 Tage bezahlten Zugang, sobald die erste Zahlung ankommt, wenn unser Team die Einladung annimmt.',
    capped:
      'Für diese Einladung bekommen Sie keine Tage. Sie haben schon so viele Belohnungen, wie das Programm gibt: 1 Einladung.',
    cappedNow:
      'Nach jetzigem Stand bekommen Sie für diese Einladung keine Tage. Sie haben schon so viele Belohnungen, wie das Programm gibt: 1 Einladung.',
    none: 'Ohne Belohnung',
    onlyFriend: 'Bringen Sie jemanden mit. Ihr Gast hat mehr davon.',
    bothGet: 'Sie beide',
    friendOnly: 'Nach diesen Bedingungen bekommt nur die eingeladene Person Tage.',
    rejected: 'Unser Team hat diese Einladung geprüft und nicht angenommen.',
    noneLeft:
      'Das Programm hat im Moment keine freien Tage mehr, deshalb bringen neue Einladungen vorerst keine Belohnung.',
    joinForNone:
      'Das Programm hat im Moment keine freien Tage mehr, deshalb bringt die Anmeldung jetzt keine Belohnung.',
    noneLeftForFriend:
      'Nach jetzigem Stand bekommen Sie für diese Einladung keine Tage. Das Programm hat im Moment keine freien Tage mehr. Werden vor der Zahlung wieder Tage frei, bekommen Sie sie.',
    fellThrough:
      'Für diese Einladung bekommen Sie keine Tage. Das Programm hatte keine Tage mehr, als die Zahlung ankam.',
  },
} as const;

describe.each(languages)('in %s', (language) => {
  const said = words[language];

  /** What a page says, seen by a person or a visitor. */
  async function read(person: Person | null, path: string, selector = 'main'): Promise<string> {
    const page = await browserWorld.openPage(person, { language, path });
    const text = await textOf(page, selector);
    expect(
      await captureLayout(page, `promises-${path.replaceAll(/\W+/g, '-').slice(0, 20)}-${language}`),
    ).toEqual([]);
    await page.context().close();
    return text;
  }

  /** What an inviter reads of an invitation, in the list and on its page. */
  async function readInvite(inviter: Person, badge = ''): Promise<{ inList: string; onPage: string }> {
    const page = await browserWorld.openPage(inviter, { language, path: '/invite' });
    const invite = page.locator('#invites .rows > li', { hasText: badge }).first();
    const inList = (await invite.innerText()).replaceAll(/\s+/g, ' ');
    await invite.getByRole('link').first().click();
    const onPage = await textOf(page);
    await page.context().close();
    return { inList, onPage };
  }

  const emailTextOf = async (person: Person) =>
    (await steps.emailsTo(person))
      .map(({ subject, text_part }) => `${subject} ${text_part}`.replaceAll(/\s+/g, ' '))
      .join('\n');

  it('an inviter reads that the days wait for the refund window', async () => {
    await world.given.terms({ hold_days: 14 });
    const anna = await steps.personNamed('Anna', language);
    await steps.friendOf(anna, { language });
    const { inList, onPage } = await readInvite(anna);
    for (const text of [inList, onPage, await emailTextOf(anna)]) expect(text).toContain(said.hold);
  });

  it('an inviter reads that a review decides', async () => {
    await world.given.terms({});
    const anna = await steps.personNamed('Anna', language);
    await steps.friendOf(anna, { language, domain: 'mailinator.com' });
    const { inList, onPage } = await readInvite(anna);
    for (const text of [inList, onPage, await emailTextOf(anna)]) expect(text).toContain(said.review);
  });

  it('an inviter who has reached the cap reads that alone, also of an invitation on hold', async () => {
    await world.given.terms({ hold_days: 14, cap_conversions: 1 });
    const anna = await steps.personNamed('Anna', language);
    await steps.pays(await steps.friendOf(anna, { language }));
    const friend = await steps.friendOf(anna, { language });
    const open = await readInvite(anna);
    for (const text of [open.inList, open.onPage]) expect(text).toContain(said.cappedNow);
    const before = (await steps.emailsTo(anna)).length;
    await steps.pays(friend);
    const paid = await readInvite(anna);
    for (const text of [paid.inList, paid.onPage]) {
      expect(text).toContain(said.none);
      expect(text).toContain(said.capped);
      expect(text).not.toMatch(said.onTheWay);
    }
    const emails = (await steps.emailsTo(anna)).slice(before);
    expect(emails).toHaveLength(1);
    expect(emails[0]?.text_part.replaceAll(/\s+/g, ' ')).toContain(said.capped);
    expect(`${emails[0]?.subject} ${emails[0]?.text_part}`).not.toMatch(said.onTheWay);
  });

  it('terms without days for the inviter do not promise them any, and no email is about 0 days', async () => {
    await world.given.terms({ referrer_days: 0 });
    const home = await read(null, '/');
    expect(home).toContain(said.onlyFriend);
    expect(home).not.toContain(said.bothGet);
    expect(home).not.toMatch(said.zeroDays);
    const anna = await steps.personNamed('Anna', language);
    const friend = await steps.friendOf(anna, { language });
    await steps.pays(friend);
    const { inList, onPage } = await readInvite(anna);
    for (const text of [inList, onPage]) {
      expect(text).toContain(said.friendOnly);
      expect(text).not.toMatch(said.zeroDays);
    }
    const emails = await steps.emailsTo(anna);
    expect(emails).toHaveLength(1); // that the friend joined
    for (const email of [await emailTextOf(anna), await emailTextOf(friend)])
      expect(email).not.toMatch(said.zeroDays);
  });

  it('an invitation that was rejected is not announced as a reward', async () => {
    await world.given.terms({ hold_days: 14 });
    const anna = await steps.personNamed('Anna', language);
    const friend = await steps.friendOf(anna, { language });
    await steps.rejects(staff, friend);
    await steps.pays(friend);
    const { inList, onPage } = await readInvite(anna);
    for (const text of [inList, onPage, await emailTextOf(friend)]) expect(text).toContain(said.rejected);
    for (const text of [inList, onPage, await emailTextOf(anna), await emailTextOf(friend)])
      expect(text).not.toMatch(said.onTheWay);
  });

  it('a budget that is used up is not promised to visitors, friends or inviters, and its payer learns that', async () => {
    await world.given.terms({ budget_days: 90 });
    const anna = await steps.personNamed('Anna', language);
    const code = await world.given.referralCodeOf(anna);
    const friend = await steps.friendOf(anna, { language });
    await steps.pays(await steps.friendOf(anna, { language }));
    const home = await read(null, '/');
    expect(home).toContain(said.noneLeft);
    expect(home).not.toMatch(said.reward);
    const link = await read(null, `/r/${code}`);
    expect(link).toContain(said.joinForNone);
    expect(link).not.toMatch(said.reward);
    const found = await world.app.inject({
      url: `/api/v1/referral/codes/${code}`,
      headers: { 'accept-language': language },
    });
    expect(found.json()).toMatchObject({ valid: true, creditDays: 0, reward: said.joinForNone });
    expect(await read(friend, '/settings', '#invitation')).toContain(said.noneLeftForFriend);
    await steps.pays(friend);
    expect(await read(friend, '/settings', '#invitation')).toContain(said.fellThrough);
    expect(await emailTextOf(friend)).toContain(said.fellThrough);
    const { inList } = await readInvite(anna, said.none);
    expect(inList).toContain(said.fellThrough);
    expect(await emailTextOf(anna)).toContain(said.fellThrough);
  });
});
