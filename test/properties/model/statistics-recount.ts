/** Counts statistics from plain rows, one by one, without SQL and the code that it checks. */
import type { StatsDto } from '../../../src/admin/stats/stats.dto.js';

interface User {
  id: string;
  email: string | null;
  display_name: string | null;
  created_at: Date;
}
interface Invoice {
  id: string;
  user_id: string;
  amount_paid: string;
  currency: string;
  paid_at: Date;
  period_start: Date | null;
  period_end: Date | null;
}
interface Referral {
  id: string;
  referrer_id: string | null;
  referred_id: string;
  terms_version: number;
  linked_at: Date;
  campaign: { source?: string; campaign?: string; channel?: string } | null;
  rewarded_elsewhere_at: Date | null;
}
interface Status {
  conversion_id: string;
  state: string;
  reasons: string[];
  invoice_id: string;
  credited_at: Date | null;
  capped: boolean;
}
interface Entry {
  user_id: string;
  seq: string;
  at: Date;
  kind: string;
  duration_ms: string;
  until_after: Date | null;
  conversion_id: string | null;
  side: string | null;
}

/** All rows that statistics follow from. */
export interface Rows {
  users: User[];
  merged: { from_id: string; into_id: string }[];
  accounts: { user_id: string; tier: string; tier_expires_at: Date | null; first_paid_at: Date | null }[];
  invoices: Invoice[];
  referrals: Referral[];
  reviews: { referral_id: string; outcome: string; decision: string | null }[];
  conversions: { id: string; referral_id: string; converted_at: Date }[];
  statuses: Status[];
  terms: { version: number; referrer_days: number; referred_days: number }[];
  clicks: { day: string; clicks: number }[];
  channelClicks: { day: string; channel: string; clicks: number }[];
  entries: Entry[];
  credit: { user_id: string; until: Date | null }[];
}

interface Asked {
  from: string;
  to: string;
  bucket: 'day' | 'week' | 'month';
  timeZone: string;
}
interface DaysIn {
  currency: string | null;
  days: number;
}

const dayMs = 86_400_000;

/** The statistics of a period at `now`. */
export function recount(rows: Rows, asked: Asked, now: Date): StatsDto {
  const { timeZone, bucket } = asked;
  const dateOf = (at: Date) => formatOf(timeZone).format(at);
  const [from, to] = [beginning(asked.from, timeZone), beginning(asked.to, timeZone)];
  const isWhole = asked.from.length === 10;
  const lengthDays = (Date.parse(asked.to) - Date.parse(asked.from)) / dayMs;
  const before = isWhole
    ? beginning(plusDays(asked.from, -lengthDays), timeZone)
    : new Date(2 * from.getTime() - to.getTime());
  const lastDate = dateOf(new Date(to.getTime() - 1));
  const invitations = readInvitations(rows, now);
  const isIn = (at: Date | null, begin = from, end = to) => at !== null && at >= begin && at < end;
  const price = (begin: Date, end: Date) =>
    pricesOf(rows.invoices.filter(({ paid_at: at }) => isIn(at, begin, end)));
  const ownPrices = price(from, to);
  const prices = ownPrices.length > 0 ? ownPrices : price(new Date(to.getTime() - 365 * dayMs), to);
  const worth = (days: DaysIn[]) => worthOf(days, prices);

  function funnel(begin: Date, end: Date) {
    const came = invitations.filter(({ referral }) => isIn(referral.linked_at, begin, end));
    const status = (name: string) => came.filter((own) => own.status === name).length;
    const last = dateOf(new Date(end.getTime() - 1));
    return {
      opened: sum(
        rows.clicks.filter(({ day }) => day >= dateOf(begin) && day <= last).map(({ clicks }) => clicks),
      ),
      signedUp: rows.users.filter((user) => isIn(user.created_at, begin, end)).length,
      ...progress(came),
      worth: worth([{ currency: null, days: progress(came).creditedDays }]),
      granted: status('converted'),
      now: {
        ...{ pending: status('pending'), held: status('held'), converted: status('converted') },
        ...{ suspended: status('suspended'), reversed: status('reversed'), rejected: status('rejected') },
      },
    };
  }

  function cost(begin: Date, end: Date, at = prices) {
    const inTime = rows.entries.filter((entry) => isIn(entry.at, begin, end));
    const of = (...purposes: string[]) =>
      worthOf(
        inTime
          .filter((entry) => purposes.includes(purposeOf(entry)))
          .map((entry) => ({ currency: currencyOf(rows, entry), days: Number(entry.duration_ms) / dayMs })),
        at,
      );
    const each = {
      ...{ referrer: of('referrer'), referred: of('referred'), milestones: of('milestone') },
      ...{ manual: of('manual'), refundsAsCredit: of('refund') },
    };
    return {
      ...{ referrer: each.referrer.days, referred: each.referred.days, milestones: each.milestones.days },
      ...{ manual: each.manual.days, refundsAsCredit: each.refundsAsCredit.days },
      ...{ programme: of('referrer', 'referred', 'milestone'), worth: each },
    };
  }

  function series() {
    const steps = new Map<string, Omit<StatsDto['series'][number], 'worth'>>();
    const days = new Map<string, Record<'given' | 'taken', DaysIn[]>>();
    for (
      let date = stepOf(dateOf(from), bucket);
      date <= lastDate;
      date = stepOf(plusDays(date, { day: 1, week: 7, month: 31 }[bucket]), bucket)
    )
      steps.set(date, {
        ...{
          at: beginning(date, timeZone),
          date,
          signedUp: 0,
          invited: 0,
          converted: 0,
          daysGiven: 0,
          daysTaken: 0,
        },
      });
    const add = (
      at: Date,
      name: 'signedUp' | 'invited' | 'converted' | 'daysGiven' | 'daysTaken',
      by: number,
    ) => {
      const step = isIn(at) ? steps.get(stepOf(dateOf(at), bucket)) : undefined;
      if (step !== undefined) step[name] += by;
    };
    for (const user of rows.users) add(user.created_at, 'signedUp', 1);
    for (const { referral, convertedAt } of invitations) {
      add(referral.linked_at, 'invited', 1);
      if (convertedAt !== null) add(convertedAt, 'converted', 1);
    }
    for (const entry of rows.entries) {
      const length = Number(entry.duration_ms) / dayMs;
      add(entry.at, length > 0 ? 'daysGiven' : 'daysTaken', length);
      const date = stepOf(dateOf(entry.at), bucket);
      if (!isIn(entry.at)) continue;
      const own = days.get(date) ?? { given: [], taken: [] };
      days.set(date, own);
      own[length > 0 ? 'given' : 'taken'].push({ currency: currencyOf(rows, entry), days: length });
    }
    return [...steps].map(([date, step]) => {
      const { given, taken } = days.get(date) ?? { given: [], taken: [] };
      return { ...step, worth: { given: worth(given), taken: worth(taken) } };
    });
  }

  function timeToConvert() {
    const hours = invitations
      .filter(({ convertedAt, paidAt }) => isIn(convertedAt) && paidAt !== null)
      .map(({ referral, paidAt }) =>
        Math.max(0, Math.round(((paidAt?.getTime() ?? 0) - referral.linked_at.getTime()) / 3_600_000)),
      )
      .sort((one, other) => one - other);
    const at = (portion: number) => {
      if (hours.length === 0) return null;
      const place = portion * (hours.length - 1);
      const low = hours[Math.floor(place)] ?? 0;
      return (low + ((hours[Math.ceil(place)] ?? 0) - low) * (place % 1)) / 24;
    };
    const bounds = [1, 3, 7, 14, 30, 60, 90, null];
    return {
      ...{ conversions: hours.length, meanDays: hours.length === 0 ? null : sum(hours) / hours.length / 24 },
      ...{ medianDays: at(0.5), p90Days: at(0.9) },
      within: bounds.map((days, index) => ({
        days,
        conversions: hours.filter(
          (own) => own <= (days ?? Infinity) * 24 && (index === 0 || own > (bounds[index - 1] ?? 0) * 24),
        ).length,
      })),
    };
  }

  function kFactor() {
    const joined = rows.users.filter(
      (user) => isIn(user.created_at) && !rows.merged.some(({ from_id: id }) => id === user.id),
    );
    const theirs = invitations.filter(({ inviterId }) => joined.some(({ id }) => id === inviterId));
    const invitedPaying = theirs.filter(({ convertedAt }) => convertedAt !== null).length;
    const each = (count: number) => (joined.length === 0 ? null : count / joined.length);
    return {
      ...{ joined: joined.length, invited: theirs.length, invitedPaying },
      ...{ value: each(theirs.length), paying: each(invitedPaying) },
    };
  }

  function cohorts() {
    const [year = 0, month = 0] = lastDate.split('-').map(Number);
    return Array.from({ length: 12 }, (_, index) => {
      const name = new Date(Date.UTC(year, month - 12 + index, 1)).toISOString().slice(0, 7);
      const isOf = (at: Date) => at < to && dateOf(at).startsWith(name);
      const users = rows.users.filter((user) => isOf(user.created_at));
      const came = progress(invitations.filter(({ referral }) => isOf(referral.linked_at)));
      return {
        ...{ month: name, signedUp: users.length },
        paid: users.filter(({ id }) => accountOf(rows, id)?.first_paid_at !== null).length,
        paying: users.filter(({ id }) => isPaying(rows, id, now)).length,
        ...{ invited: came.invited, invitedPaid: came.paid, invitedPaying: came.paying },
      };
    });
  }

  function breakdown(nameOf: (referral: Referral) => string | null) {
    const groups = new Map<string | null, Invitation[]>();
    for (const own of invitations.filter(({ referral }) => isIn(referral.linked_at)))
      groups.set(nameOf(own.referral), [...(groups.get(nameOf(own.referral)) ?? []), own]);
    return (
      [...groups]
        .map(([name, own]) => ({ name, ...progress(own) }))
        // null last, as PostgreSQL sorts it
        .sort(
          (one, other) =>
            other.invited - one.invited || ((one.name ?? '\uffff') < (other.name ?? '\uffff') ? -1 : 1),
        )
        .map((row) => ({ ...row, worth: worth([{ currency: null, days: row.creditedDays }]) }))
    );
  }

  function channels() {
    const last = dateOf(new Date(to.getTime() - 1));
    const isOpenedIn = ({ day }: { day: string }) => day >= dateOf(from) && day <= last;
    const opened: Record<string, number> = {};
    for (const { channel, clicks } of rows.channelClicks.filter(isOpenedIn))
      opened[channel] = (opened[channel] ?? 0) + clicks;
    const all = sum(rows.clicks.filter(isOpenedIn).map(({ clicks }) => clicks));
    const withoutChannel = all - sum(Object.values(opened));
    const openedBy = (name: string | null) => {
      if (name === null) return withoutChannel;
      return name === 'blog' ? null : (opened[name] ?? 0);
    };
    const came = breakdown((referral) => referral.campaign?.channel ?? referral.campaign?.source ?? null);
    const nobody = {
      invited: 0,
      paid: 0,
      credited: 0,
      paying: 0,
      creditedDays: 0,
      worth: worth([{ currency: null, days: 0 }]),
    };
    const isKnown = (name: string | null) => came.some((row) => row.name === name);
    const names: (string | null)[] = [
      ...came.map(({ name }) => name),
      ...Object.keys(opened)
        .filter((name) => !isKnown(name))
        .sort(),
      ...(withoutChannel > 0 && !isKnown(null) ? [null] : []),
    ];
    return names.map((name) => ({
      ...{ name, opened: openedBy(name) },
      ...nobody,
      ...came.find((row) => row.name === name),
    }));
  }

  function topInviters() {
    return rows.users
      .map(({ id, email, display_name: displayName }) => {
        const { paying: _, ...came } = progress(
          invitations.filter(
            (own) =>
              own.inviterId === id &&
              isIn(own.referral.linked_at) &&
              own.referral.referrer_id !== own.referral.referred_id,
          ),
        );
        return {
          userId: id,
          email,
          displayName,
          ...came,
          worth: worth([{ currency: null, days: came.creditedDays }]),
        };
      })
      .filter(({ invited }) => invited > 0)
      .sort((one, other) => other.invited - one.invited || (one.userId < other.userId ? -1 : 1))
      .slice(0, 10);
  }

  function liability() {
    const ahead = rows.credit.filter(({ until }) => until !== null && until > now);
    const held = invitations.filter(({ status }) => status === 'held');
    const pending = invitations.filter(({ status }) => status === 'pending');
    return {
      asOf: now,
      ahead: {
        people: ahead.length,
        ...worth(
          ahead.map(({ user_id: id, until }) => ({
            currency: lastCurrency(rows, id),
            days: ((until?.getTime() ?? 0) - now.getTime()) / dayMs,
          })),
        ),
      },
      held: {
        conversions: held.length,
        ...worth(held.map((own) => ({ currency: own.currency, days: own.days }))),
      },
      pending: {
        referrals: pending.length,
        ...worth(
          pending.length === 0 ? [] : [{ currency: null, days: sum(pending.map(({ days }) => days)) }],
        ),
      },
      forecast: forecast(rows, now),
    };
  }

  const earlier = funnel(before, from);
  const ownEarlier = price(before, from);
  const earlierPrices =
    ownEarlier.length > 0 ? ownEarlier : price(new Date(from.getTime() - 365 * dayMs), from);
  return {
    ...{ from, to, bucket, timeZone, asOf: now, funnel: funnel(from, to), series: series() },
    ...{ timeToConvert: timeToConvert(), kFactor: kFactor(), cost: cost(from, to) },
    before: {
      ...{
        from: before,
        to: from,
        opened: earlier.opened,
        signedUp: earlier.signedUp,
        invited: earlier.invited,
      },
      ...{ paid: earlier.paid, credited: earlier.credited, paying: earlier.paying },
      programme: cost(before, from, earlierPrices).programme,
    },
    cohorts: cohorts(),
    terms: breakdown((referral) => String(referral.terms_version)),
    campaigns: breakdown((referral) => referral.campaign?.campaign ?? null),
    channels: channels(),
    ...{ topInviters: topInviters(), liability: liability(), prices },
  };
}

type Invitation = ReturnType<typeof readInvitations>[number];

function readInvitations(rows: Rows, now: Date) {
  return rows.referrals.map((referral) => {
    const conversion = rows.conversions.find((own) => own.referral_id === referral.id);
    const status = rows.statuses.find((own) => own.conversion_id === conversion?.id);
    const review = rows.reviews.find((own) => own.referral_id === referral.id);
    const terms = rows.terms.find((own) => own.version === referral.terms_version);
    const invoice = rows.invoices.find((own) => own.id === status?.invoice_id);
    const isRewardedTwice = referral.referrer_id !== referral.referred_id && status?.capped !== true;
    return {
      referral,
      inviterId:
        rows.merged.find(({ from_id: id }) => id === referral.referrer_id)?.into_id ?? referral.referrer_id,
      convertedAt: conversion?.converted_at ?? null,
      creditedAt: status?.credited_at ?? null,
      paidAt: invoice?.paid_at ?? null,
      currency: invoice?.currency ?? null,
      isPaying: conversion !== undefined && isPaying(rows, referral.referred_id, now),
      days: (isRewardedTwice ? (terms?.referrer_days ?? 0) : 0) + (terms?.referred_days ?? 0),
      status: statusOf(conversion !== undefined, status, review),
    };
  });
}

function statusOf(
  isConverted: boolean,
  status: Status | undefined,
  review: Rows['reviews'][number] | undefined,
): string {
  if (!isConverted)
    return review?.decision === 'rejected' || (review?.decision === null && review.outcome === 'reject')
      ? 'rejected'
      : 'pending';
  if (status?.state === 'granted') return 'converted';
  const refusals = ['fraud', 'rejected', 'budget_exhausted'];
  if (
    status?.state === 'reversed' &&
    status.credited_at === null &&
    status.reasons.some((reason) => refusals.includes(reason))
  )
    return 'rejected';
  return status?.state ?? 'unknown';
}

function progress(came: Invitation[]) {
  const credited = came.filter(({ creditedAt }) => creditedAt !== null);
  return {
    ...{ invited: came.length, paid: came.filter(({ convertedAt }) => convertedAt !== null).length },
    ...{ credited: credited.length, paying: came.filter((own) => own.isPaying).length },
    creditedDays: sum(credited.map(({ days }) => days)),
  };
}

function accountOf(rows: Rows, userId: string) {
  return rows.accounts.find((own) => own.user_id === userId);
}

function isPaying(rows: Rows, userId: string, now: Date): boolean {
  const account = accountOf(rows, userId);
  return account?.tier === 'paid' && (account.tier_expires_at === null || account.tier_expires_at > now);
}

function lastCurrency(rows: Rows, userId: string): string | null {
  const own = rows.invoices
    .filter((invoice) => invoice.user_id === userId)
    .sort((one, other) => one.paid_at.getTime() - other.paid_at.getTime() || (one.id < other.id ? -1 : 1));
  return own.at(-1)?.currency ?? null;
}

function purposeOf({ side, kind }: Entry): string {
  if (side !== null) return side;
  return (
    { milestone: 'milestone', reversal: 'milestone', restoration: 'milestone', refund_as_credit: 'refund' }[
      kind
    ] ?? 'manual'
  );
}

function currencyOf(rows: Rows, entry: Entry): string | null {
  const status = rows.statuses.find((own) => own.conversion_id === entry.conversion_id);
  return rows.invoices.find((own) => own.id === status?.invoice_id)?.currency ?? null;
}

function pricesOf(invoices: Invoice[]) {
  const byCurrency = new Map<string, { payments: number; amount: number; days: number }>();
  for (const { currency, amount_paid: amount, period_start: start, period_end: end } of invoices) {
    if (start === null || end === null) continue;
    const own = byCurrency.get(currency) ?? { payments: 0, amount: 0, days: 0 };
    own.payments++;
    own.amount += Number(amount);
    own.days += (end.getTime() - start.getTime()) / dayMs;
    byCurrency.set(currency, own);
  }
  return [...byCurrency]
    .map(([currency, { payments, amount, days }]) => ({ currency, payments, perDay: amount / days }))
    .sort((one, other) => other.payments - one.payments || (one.currency < other.currency ? -1 : 1));
}

function worthOf(all: DaysIn[], prices: ReturnType<typeof pricesOf>) {
  const amounts: Record<string, number> = {};
  let daysWithoutPrice = 0;
  for (const { currency, days } of all) {
    const price = prices.find((own) => own.currency === (currency ?? prices[0]?.currency));
    if (price === undefined) daysWithoutPrice += days;
    else amounts[price.currency] = (amounts[price.currency] ?? 0) + days * price.perDay;
  }
  return {
    days: sum(all.map(({ days }) => days)),
    money: Object.keys(amounts)
      .sort()
      .map((currency) => ({ currency, amount: Math.round(amounts[currency] ?? 0) })),
    daysWithoutPrice,
  };
}

/** What days of a forecast are worth: in the currencies of the days that are unused now. */
export function forecastWorth(rows: Rows, { prices }: Pick<StatsDto, 'prices'>, now: Date) {
  const ahead = rows.credit
    .map(({ user_id: id, until }) => ({
      currency: lastCurrency(rows, id),
      days: Math.max(0, ((until?.getTime() ?? 0) - now.getTime()) / dayMs),
    }))
    .filter(({ days }) => days > 0);
  const all = sum(ahead.map(({ days }) => days));
  return (expected: number) =>
    worthOf(
      all === 0
        ? [{ currency: null, days: expected }]
        : ahead.map(({ currency, days }) => ({ currency, days: (days / all) * expected })),
      prices,
    );
}

/** Unused days at the end of each of 27 weeks, and what an ordinary week changes. */
function forecast(rows: Rows, now: Date): StatsDto['liability']['forecast'] {
  const past = Array.from({ length: 27 }, (_, index) => {
    const at = now.getTime() - (26 - index) * 7 * dayMs;
    return sum(
      rows.users.map(({ id }) => {
        const known = rows.entries.filter((entry) => entry.user_id === id && entry.at.getTime() <= at);
        const last = known.sort((one, other) => Number(one.seq) - Number(other.seq)).at(-1);
        return Math.max(0, (last?.until_after?.getTime() ?? 0) - at) / dayMs;
      }),
    );
  });
  return { past: past.slice(past.findIndex((days) => days > 0)) } as never;
}

function stepOf(date: string, bucket: Asked['bucket']): string {
  if (bucket === 'month') return `${date.slice(0, 7)}-01`;
  const weekday = new Date(date).getUTCDay();
  return bucket === 'week' ? plusDays(date, weekday === 0 ? -6 : 1 - weekday) : date;
}

function plusDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * dayMs).toISOString().slice(0, 10);
}

const formats = new Map<string, Intl.DateTimeFormat>();
const beginnings = new Map<string, Date>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone });
  formats.set(timeZone, format);
  return format;
}

/** The first quarter of an hour whose clocks show a date; a moment stays what it is. */
function beginning(text: string, timeZone: string): Date {
  if (text.length > 10) return new Date(text);
  const key = `${text} ${timeZone}`;
  let at = Date.parse(text) - dayMs;
  if (!beginnings.has(key)) while (formatOf(timeZone).format(at) !== text) at += 15 * 60_000;
  const known = beginnings.get(key) ?? new Date(at);
  beginnings.set(key, known);
  return known;
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
