import { afterAll, beforeAll, expect, it } from 'vitest';
import { accountOperations } from '../accounts/account-operations.js';
import { subscriptionEndedEvent } from '../accounts/refund-events.js';
import { createUserWithAllData } from '../accounts/user-with-all-data.js';
import { listTextColumns, countRowsContaining, type Column } from '../support/database-columns.js';
import { bearer, type Person } from '../support/given.js';
import { creditNote, paymentFor, refund } from '../support/payment-payloads.js';
import { createStaff, type Staff } from '../support/staff.js';
import { type StripeEvent, event, invoice, stripeId } from '../support/stripe-payloads.js';
import { storeTotals } from '../support/totals.js';
import { createWorld, type World } from '../support/world.js';
import {
  derivedColumns,
  erasedColumns,
  keptColumns,
  columnNames,
  nonPersonalColumns,
} from './personal-columns.js';

/**
 * After erasing, every column of PostgreSQL's system catalog is checked: a new one fails until it
 * is listed.
 */
let world: World;
/** How many rows of a column hold an id, and how many a word, of the person. */
type RowsWithPersonalData = Record<string, { ids: number; words: number }>;
let columns: Column[];
/** The address that the person had before they changed it. */
let firstEmail: string;
let subjectWithCode: string;
let marta: Person;
let before: RowsWithPersonalData;
let after: RowsWithPersonalData;
beforeAll(async () => {
  world = await createWorld();
  columns = (await listTextColumns(world.sql)).filter(isOwnColumn);
  marta = await userWithEveryFeature();
  const [ids, words] = [await idsOf(marta), await wordsOf(marta)];
  await storeTotals(world);
  before = await scan(ids, words);
  await accountOperations(world).erase(marta);
  await world.runHandlers();
  await storeTotals(world);
  after = await scan(ids, words);
});
afterAll(() => world.close());

const keptNames = (holds: 'ids' | 'words') =>
  keptColumns.filter((one) => one.holds === holds).flatMap((one) => columnNames(one.columns));
/** pg-boss owns its tables; what we give it stands in `data`, and what went wrong in `output`. */
const isOwnColumn = ({ name }: Column) =>
  !/^(pgboss\.\w+\.(?!(data|output)$)|public\.schema_file\.)/.test(name);

it('every column of every table is listed once: as emptied, kept with a reason, or about no one', () => {
  const listed = [
    ...columnNames(erasedColumns),
    ...keptNames('ids'),
    ...keptNames('words'),
    ...columnNames(nonPersonalColumns),
  ];
  expect([...listed, ...columnNames(derivedColumns)].toSorted()).toEqual(
    columns.map(({ name }) => name).toSorted(),
  );
});

it('what is listed as emptied or kept held something of the person, and nothing else did', () => {
  const held = Object.keys(before).filter((name) => before[name]?.ids || before[name]?.words);
  expect(held.toSorted()).toEqual(
    [...columnNames(erasedColumns), ...keptNames('ids'), ...keptNames('words')].toSorted(),
  );
});

it('an erased person leaves no word, address, token or code outside the columns that are listed with a reason', () => {
  const left = Object.keys(after).filter((name) => after[name]?.words);
  expect(left.filter((name) => !keptNames('words').includes(name))).toEqual([]);
});

it('an erased person leaves no id outside the columns that are listed with a reason', () => {
  const left = Object.keys(after).filter((name) => after[name]?.ids);
  expect(left.filter((name) => ![...keptNames('ids'), ...keptNames('words')].includes(name))).toEqual([]);
});

it('an erased person is remembered by a keyed hash, and is shown to others as a deleted account', async () => {
  expect(await world.see.count('referral.tombstone')).toBeGreaterThan(0);
  const labels = await texts(`SELECT label FROM referral.referral WHERE referred_id = $1`, [marta.id]);
  expect(labels).toEqual(['deleted account']);
});

async function scan(ids: string[], words: string[]): Promise<RowsWithPersonalData> {
  const held: RowsWithPersonalData = {};
  for (const column of columns)
    held[column.name] = {
      ids: await countRowsContaining(world.sql, column, ids),
      words: await countRowsContaining(world.sql, column, words),
    };
  return held;
}

/**
 * Ids by which the ledger knows a person: our own, and those of Stripe. They say nothing to others.
 */
async function idsOf(person: Person): Promise<string[]> {
  return texts(
    `WITH a AS (SELECT unnest(platform.all_accounts_of($1)) AS user_id), i AS (SELECT id FROM billing.invoice JOIN a USING (user_id))
     SELECT user_id::text FROM a UNION SELECT id FROM i
     UNION SELECT id FROM billing.customer JOIN a USING (user_id)
     UNION SELECT id FROM billing.subscription JOIN a USING (user_id)
     UNION SELECT id FROM billing.checkout_session JOIN a USING (user_id)
     UNION SELECT p.id FROM billing.invoice_payment p JOIN i ON i.id = p.invoice_id`,
    [person.id],
  );
}

/**
 * Everything else: addresses, names, words, codes, tokens, devices, and the ids of sessions and
 * sign-in codes.
 */
async function wordsOf(person: Person): Promise<string[]> {
  const stored = await texts(
    `WITH a AS (SELECT unnest(platform.all_accounts_of($1)) AS user_id), e AS (
       SELECT email, display_name, external_id FROM auth."user" JOIN a ON a.user_id = id)
     SELECT email FROM e UNION SELECT external_id FROM e UNION SELECT split_part(email, '@', 1) FROM e UNION SELECT display_name FROM e
     UNION SELECT unnest(ARRAY[id::text, encode(token_hash, 'hex')]) FROM auth.session JOIN a USING (user_id)
     UNION SELECT encode(device_hash, 'hex') FROM auth.known_device JOIN a USING (user_id)
     UNION SELECT unnest(ARRAY[id::text, name, encode(credential_id, 'hex'), encode(public_key, 'hex')]) FROM auth.passkey JOIN a USING (user_id)
     UNION SELECT unnest(ARRAY[i.id::text, encode(token_hash, 'hex')]) FROM auth.staff_invitation i JOIN a ON a.user_id = i.invited_by
     UNION SELECT encode(code_hash, 'hex') FROM auth.recovery_code JOIN a USING (user_id)
     UNION SELECT sealed_secret FROM auth.authenticator_app JOIN a USING (user_id)
     UNION SELECT encode(hash, 'hex') FROM referral.signal JOIN a USING (user_id)
     UNION SELECT unnest(ARRAY[id::text, encode(code_hash, 'hex')]) FROM auth.challenge JOIN e USING (email)
     UNION SELECT code FROM referral.code JOIN a USING (user_id)
     UNION SELECT alias FROM referral.code_alias JOIN a USING (user_id)
     UNION SELECT external_id FROM auth."user" JOIN a ON a.user_id = id
     UNION SELECT text FROM platform.note JOIN a ON a.user_id = subject_id`,
    [person.id],
  );
  return [...stored, ...martasWords, person.token, firstEmail, subjectWithCode];
}

async function texts(sql: string, parameters: unknown[]): Promise<string[]> {
  const { rows } = await world.sql.query<Record<string, string | null>>(sql, parameters);
  return rows.flatMap((row) => Object.values(row).filter((text) => text !== null));
}

const martasWords = [
  'Marta Moira',
  'Mosaic/9.9',
  '198.51.100',
  'a diary of hers',
  'a note about a friend',
  'Pacific/Chatham',
];

/**
 * Does everything that leaves something somewhere: over HTTP as herself, by staff, and by Stripe.
 */
async function userWithEveryFeature(): Promise<Person> {
  const { app, given, when } = world;
  const staff = await createStaff(world);
  const person = await createUserWithAllData(world, staff);
  await decideAsStaff(staff, person);
  await world.sql.query(`UPDATE auth."user" SET external_id = 'their-id-elsewhere' WHERE id = $1`, [
    person.id,
  ]);
  firstEmail = person.email;
  const ask = async (method: 'PUT' | 'POST', path: string, payload: object, headers = {}) => {
    const url = `/api/v1/${path}`;
    const answer = await app.inject({ method, url, payload, headers: { ...bearer(person), ...headers } });
    if (answer.statusCode >= 300) throw new Error(`${path} answered ${answer.statusCode}: ${answer.body}`);
  };
  await ask('PUT', 'me', { displayName: 'Marta Moira', timeZone: 'Pacific/Chatham', locale: 'de' });
  await ask('PUT', 'settings/backup', { data: 'a diary of hers' });
  for (const code of ['marta-m-1987', 'marta-m-1988']) await ask('PUT', 'referral/code', { code });
  await ask('POST', 'me/email', await given.challenge('marta.moira@mailhost.example'));
  await staff.api(
    'POST',
    `users/${person.id}/credit`,
    staff.admin,
    { days: 9, reason: 'her kitten was ill' },
    {
      'idempotency-key': 'once',
    },
  );
  await given.user({ ref: 'MARTA-M-1987' });
  await app.inject({ url: `/r/MARTA-M-1988?c=copy&utm_source=x`, headers: { accept: 'text/html' } });
  subjectWithCode = await signInElsewhere('marta.moira@mailhost.example');
  await when.stripeSends(await creditNoteFor(person));
  await when.stripeSends(subscriptionEndedEvent(person, when.seconds));
  await world.runHandlers();
  // stays noted as a change of access
  const days = { days: 1, reason: 'for her patience' };
  await staff.api('POST', `users/${person.id}/credit`, staff.admin, days, { 'idempotency-key': 'later' });
  // stays in the outbox
  const open = invoice(person.payer, when.seconds, { status: 'open', amount_paid: 0 });
  await when.stripeSends(event('invoice.payment_failed', open, when.seconds));
  // waits for its payment, so its payload is with the event
  const metadata = { userId: person.id, remark: 'for Marta Moira' };
  const ofUnknownPayment = refund(paymentFor(stripeId('in')), when.seconds, { metadata });
  await when.stripeSends(event('refund.created', ofUnknownPayment, when.seconds));
  return { ...person, email: 'marta.moira@mailhost.example' };
}

/** A credit note of which nothing was given back, for a payment of hers. */
async function creditNoteFor({ id }: Person): Promise<StripeEvent> {
  const [invoiceId = ''] = await texts(`SELECT id FROM billing.invoice WHERE user_id = $1`, [id]);
  const note = creditNote(paymentFor(invoiceId), world.when.seconds, { post_payment_amount: 1 });
  return event('credit_note.created', note, world.when.seconds);
}

/** Reviews a referral and merges two accounts, while she is an admin. */
async function decideAsStaff(staff: Staff, marta: Person): Promise<void> {
  const { given, sql } = world;
  const [friend, old] = [await given.userInvitedBy(await given.user()), await given.user()];
  const later = await given.userInvitedBy(await given.user());
  const { rows } = await sql.query<{ id: string }>(
    `SELECT id FROM referral.referral WHERE referred_id = ANY($1) ORDER BY referred_id = $2`,
    [[friend.id, later.id], later.id],
  );
  await sql.query(`UPDATE auth."user" SET role = 'admin' WHERE id = $1`, [marta.id]);
  const key = { 'idempotency-key': 'decision-of-hers' };
  const done = [
    await staff.api('POST', `referrals/${rows[0]?.id}/approve`, marta, { reason: 'known to us' }, key),
    await staff.api('POST', 'merges', marta, { fromUserId: old.id, intoUserId: friend.id, reason: 'one' }),
  ];
  expect(done.map(({ statusCode }) => statusCode)).toEqual([200, 201]);
  const scheduled = await staff.submitForm(`review/${rows[1]?.id}/approve`, marta, { reason: 'a friend' });
  expect(scheduled.statusCode).toBe(303);
  await sql.query(`UPDATE auth."user" SET role = 'user' WHERE id = $1`, [marta.id]);
}

/** From a browser and a network of her own. Answers the subject of the email with the code. */
async function signInElsewhere(email: string): Promise<string> {
  const { challengeId, code } = await world.given.challenge(email);
  await world.app.inject({
    method: 'POST',
    url: '/api/v1/auth/sessions',
    payload: { challengeId, code },
    headers: { 'user-agent': 'Mosaic/9.9 (Peculiar)' },
    remoteAddress: '198.51.100.77',
  });
  const [subject = ''] = await texts(`SELECT subject FROM notifications.captured_email WHERE id = $1`, [
    `sign-in-code:${challengeId}`,
  ]);
  expect(subject).toContain(code);
  return subject;
}
