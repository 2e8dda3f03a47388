import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { captureLayout } from '../../support/browser.js';
import { createBrowserWorld, textOf, type BrowserWorld } from '../../support/browser-world.js';
import { languages } from '../../support/languages.js';
import { referralSteps } from '../../support/referral-steps.js';

/** Who asks why their credit was taken back reads which refund it was, in whole days. */
let browserWorld: BrowserWorld;
beforeAll(async () => {
  browserWorld = await createBrowserWorld();
});
afterAll(() => browserWorld.close());

const words = {
  en: {
    why: 'Why?',
    takenBack: 'Taken back: the invitation no longer counts',
    days: '−45 days',
    granted: '+45 days',
    referrer:
      'This is about your invitation to Bert. The payment that the person you invited made on 1 Nov 2026 was refunded in full on 2 Nov 2026.',
    referred: 'Your payment of $10.00 on 1 Nov 2026 was refunded in full on 2 Nov 2026.',
    history: /1 Nov 2026, 23:55 UTC .*45 days were added\..*45 days were taken back\./,
  },
  de: {
    why: 'Warum?',
    takenBack: 'Zurückgenommen: Die Einladung zählt nicht mehr',
    days: '−45 Tage',
    granted: '+45 Tage',
    referrer:
      'Es geht um Ihre Einladung an Bert. Die Zahlung vom 1. Nov. 2026 der Person, die Sie eingeladen haben, wurde am 2. Nov. 2026 vollständig erstattet.',
    referred: 'Ihre Zahlung vom 1. Nov. 2026 über 10,00 $ wurde am 2. Nov. 2026 vollständig erstattet.',
    history: /1\. Nov\. 2026, 23:55 UTC .*45 Tage .*hinzu.*45 Tage .*zurück/,
  },
} as const;

it.each(languages)(
  'both sides of a refunded payment read what was refunded and when, in %s',
  async (language) => {
    const { world } = browserWorld;
    const { why, takenBack, days, granted, referrer, referred, history } = words[language];
    const steps = referralSteps(world);
    world.clock.set(new Date('2026-11-01T23:55:00Z'));
    const anna = await steps.personNamed('Anna');
    const bert = await steps.friendOf(anna, { language });
    await world.sql.query(`UPDATE auth."user" SET display_name = 'Bert' WHERE id = $1`, [bert.id]);
    const payment = await steps.pays(bert);
    world.clock.advance(10 * 60_000); // 44.99 of the 45 days are left
    await steps.refunds(payment);
    for (const [person, reason] of [
      [anna, referrer],
      [bert, referred],
    ] as const) {
      const page = await browserWorld.openPage(person, { language, path: '/settings' });
      const credit = await textOf(page, '#credit');
      expect(credit).toContain(days);
      expect(credit).toContain(granted);
      expectWholeDays(await textOf(page));
      await reversalOf(page, takenBack).getByRole('link', { name: why }).click();
      expect(await textOf(page, '#now')).toContain(reason);
      expect(await textOf(page, '#steps')).toMatch(history);
      expectWholeDays(await textOf(page));
      expect(
        await captureLayout(page, `reversed-credit-${person === anna ? 'inviter' : 'friend'}-${language}`),
      ).toEqual([]);
    }
  },
);

const reversalOf = (page: Page, kind: string) => page.locator('#credit tbody tr', { hasText: kind });

/** No "44.99 days" beside 45, and no "-0 days". */
function expectWholeDays(text: string): void {
  expect(text).not.toMatch(/\d[.,]\d+ (days|Tage)|[-−+]0 (days|Tage)/);
}
