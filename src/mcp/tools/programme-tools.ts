import { z } from 'zod';
import { ProgrammeStats, toTermsDraftDto } from '../../admin/index.js';
import { ProgrammeTerms } from '../../referral/index.js';
import { text, time } from './fields.js';
import { defineTool, readOnly } from './tool.js';

/** The rules in force. */
const getTerms = defineTool({
  name: 'get_terms',
  title: 'Get the terms in force',
  description:
    'The terms of the programme that an invitation of today is made under. Older invitations keep the version of their day.',
  permissions: ['operator', 'people:read', 'credit:write', 'payments:write'],
  annotations: readOnly,
  input: z.strictObject({}),
  output: z.object({
    version: z.int(),
    isPaused: z.boolean().describe('While it is paused, nothing new is rewarded.'),
    referrerDays: z.int(),
    referredDays: z.int(),
    holdDays: z.int(),
    minimumAmounts: z.record(z.string(), z.int()).describe('By currency, in the smallest unit.'),
    qualifyingPrices: z.array(z.string()).describe('Empty: every price that makes a person paid.'),
    attribution: z.enum(['first_touch', 'last_touch']),
    attributionDays: z.int(),
    lateClaimDays: z.int(),
    cap: z.object({ conversions: z.int(), windowDays: z.int().nullable() }).nullable(),
    budgetDays: z.int().nullable(),
    milestone: z.object({ every: z.int(), days: z.int() }).nullable(),
    refundPercent: z.int(),
    validFrom: time,
    validUntil: time.nullable(),
  }),
  run: async ({ get }) => {
    const programme = get(ProgrammeTerms);
    const terms = await programme.current();
    return { version: terms.version, isPaused: programme.isPaused(), ...toTermsDraftDto(terms) };
  },
});

const money = z.array(z.object({ currency: z.string(), amount: z.int().describe('In the smallest unit.') }));
const worth = { days: z.number(), money, daysWithoutPrice: z.number() };

/** The numbers of the programme. */
const getStatistics = defineTool({
  name: 'get_statistics',
  title: 'Get statistics',
  description:
    'The numbers of the programme for a period: funnel, series, time to convert, K factor, cost and liability.',
  permissions: ['operator'],
  annotations: readOnly,
  input: z.strictObject({
    from: text(40).optional().describe('A date or time, ISO 8601. Missing: 30 days before to.'),
    to: text(40).optional().describe('Until before when. Missing: the end of today.'),
    bucket: z.enum(['day', 'week', 'month']).default('week').describe('The steps of the series.'),
  }),
  output: z.object({
    from: time,
    to: time,
    bucket: z.string(),
    asOf: time,
    funnel: z.object({
      signedUp: z.int(),
      invited: z.int(),
      paid: z.int(),
      credited: z.int(),
      creditedDays: z.int(),
      worth: z.object(worth),
      granted: z.int(),
      now: z.record(z.string(), z.int()).describe('The invited by status.'),
    }),
    series: z.array(
      z.object({
        at: time,
        signedUp: z.int(),
        invited: z.int(),
        converted: z.int(),
        daysGiven: z.number(),
        daysTaken: z.number(),
        worth: z.object({ given: z.object(worth), taken: z.object(worth) }),
      }),
    ),
    timeToConvert: z.object({
      conversions: z.int(),
      medianDays: z.number().nullable(),
      p90Days: z.number().nullable(),
      meanDays: z.number().nullable(),
    }),
    kFactor: z.object({
      joined: z.int(),
      invited: z.int(),
      invitedPaying: z.int(),
      value: z.number().nullable(),
      paying: z.number().nullable(),
    }),
    cost: z.object({
      referrer: z.number(),
      referred: z.number(),
      milestones: z.number(),
      programme: z.object(worth),
      manual: z.number(),
      refundsAsCredit: z.number(),
    }),
    liability: z.object({
      ahead: z.object({ ...worth, people: z.int() }),
      held: z.object({ ...worth, conversions: z.int() }),
      pending: z.object({ ...worth, referrals: z.int() }),
      forecast: z
        .object({
          weeklyChange: z.number(),
          weeks: z.array(
            z.object({
              ...{ week: z.int(), days: z.number(), low: z.number(), high: z.number() },
              worth: z.object({ days: z.object(worth), low: z.object(worth), high: z.object(worth) }),
            }),
          ),
        })
        .nullable(),
    }),
  }),
  run: async ({ get }, period) => {
    const stats = await get(ProgrammeStats).forPeriod(period);
    return { ...stats, funnel: { ...stats.funnel, now: { ...stats.funnel.now } } };
  },
});

/** What the programme is, and how it does. */
export const programmeTools = [getTerms, getStatistics];
