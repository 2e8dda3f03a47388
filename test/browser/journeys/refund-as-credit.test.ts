import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { captureLayout } from '../../support/browser.js';
import { createBrowserWorld, textOf, type BrowserWorld } from '../../support/browser-world.js';
import type { Person } from '../../support/given.js';
import { languages } from '../../support/languages.js';
import { event, invoice } from '../../support/stripe-payloads.js';

/** Staff turn a part of a payment into credit: the amount that they typed is shown, then given. */
let browserWorld: BrowserWorld;
let admin: Person;
beforeAll(async () => {
  browserWorld = await createBrowserWorld();
  admin = await browserWorld.world.given.user({ role: 'admin' });
});
afterAll(() => browserWorld.close());

/** A person who paid ten units of a currency for 30 days. */
async function payer(currency: string, amount: number): Promise<Person> {
  const { given, when } = browserWorld.world;
  const person = await given.user();
  await given.linkCustomer(person);
  const paid = {
    ...invoice(person.payer, when.seconds, { amount_paid: amount, amount_due: amount }),
    currency,
  };
  await when.stripeSends(event('invoice.paid', paid, when.seconds));
  return person;
}

const words = {
  en: {
    actions: 'Actions',
    refund: 'Refund as credit',
    amount: 'Amount',
    show: 'Show the days',
    reason: 'Reason',
    give: 'Give 12 days',
    done: 'Days added to the account instead of a refund.',
    equals: (money: string, days: string) => `${money} equals ${days} of access.`,
    unclear: '“1.234” can be read in two ways. For €1,234.00 type 1234.00.',
    days: '12 days',
    given: (money: string) => `+12 days · Credit instead of a refund: ${money}`,
  },
  de: {
    actions: 'Aktionen',
    refund: 'Guthaben statt Erstattung',
    amount: 'Betrag',
    show: 'Tage anzeigen',
    reason: 'Grund',
    give: '12 Tage geben',
    done: 'Dem Konto wurden statt einer Erstattung Tage gutgeschrieben.',
    equals: (money: string, days: string) => `${money} entsprechen ${days} Zugang.`,
    unclear: '„1.234“ kann man auf zwei Arten lesen. Für 1.234,00 € geben Sie 1234,00 ein',
    days: '12 Tagen',
    given: (money: string) => `+12 Tage · Guthaben statt einer Erstattung: ${money}`,
  },
} as const;

describe.each(languages)('in %s', (language) => {
  const said = words[language];

  it.each([
    ['eur', 1000, '4.00', { en: '€4.00', de: '4,00 €' }],
    ['eur', 1000, '4,00', { en: '€4.00', de: '4,00 €' }],
    ['eur', 1000, '4', { en: '€4.00', de: '4,00 €' }],
    ['jpy', 1000, '400', { en: '¥400', de: '400 ¥' }],
    ['kwd', 10_000, '4.000', { en: 'KWD 4.000', de: '4,000 KWD' }],
  ])('of a payment in %s of %i, %s of it becomes 12 days', async (currency, paid, typed, money) => {
    const person = await payer(currency, paid);
    const page = await browserWorld.openPage(admin, { language, path: `/admin/users/${person.id}` });
    await page.getByText(said.actions, { exact: true }).click();
    await page.getByRole('link', { name: said.refund }).click();
    await page.getByRole('textbox', { name: said.amount }).fill(typed);
    await page.getByRole('button', { name: said.show }).click();
    expect(await textOf(page)).toContain(said.equals(money[language], said.days));
    expect(await browserWorld.world.see.creditDaysOf(person)).toBe(0);
    await page.getByRole('textbox', { name: said.reason }).fill('an outage');
    await page.getByRole('button', { name: said.give }).click();
    expect(await textOf(page)).toContain(said.done);
    expect(await textOf(page, '#timeline')).toContain(said.given(money[language]));
    expect(await browserWorld.world.see.creditDaysOf(person)).toBe(12);
    expect(await captureLayout(page, `refund-as-credit-${currency}-${language}`)).toEqual([]);
  });

  it('an amount that can be read in two ways is refused beside its field', async () => {
    const { id } = await payer('eur', 1000);
    const page = await browserWorld.openPage(admin, {
      language,
      path: `/admin/users/${id}/refund-as-credit`,
    });
    await page.getByRole('textbox', { name: said.amount }).fill('1.234');
    await page.getByRole('button', { name: said.show }).click();
    const field = page.getByRole('textbox', { name: said.amount });
    expect([await field.inputValue(), await field.getAttribute('aria-invalid')]).toEqual(['1.234', 'true']);
    expect(await textOf(page)).toContain(said.unclear);
    expect(await page.locator('#preview').count()).toBe(0);
    expect(await captureLayout(page, `console-refund-unclear-${language}`)).toEqual([]);
  });
});
