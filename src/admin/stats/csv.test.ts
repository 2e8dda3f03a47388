import { expect, it } from 'vitest';
import { tableToCsv } from './csv.js';
import type { StatsDto } from './stats.dto.js';

it('a file of statistics has a column for each currency, in units of it', () => {
  const worth = (days: number, ...money: { amount: number; currency: string }[]) => ({ days, money });
  const liability = {
    ahead: worth(3, { amount: 1250, currency: 'usd' }),
    held: worth(2, { amount: 90, currency: 'usd' }, { amount: 500, currency: 'jpy' }),
    pending: worth(0),
  };
  const csv = tableToCsv('liability', { liability } as unknown as StatsDto);
  expect(csv.trim().split(/\r?\n/)).toEqual([
    'kind,days,worth_usd,worth_jpy',
    'ahead,3,12.50,',
    'held,2,0.90,500',
    'pending,0,,',
  ]);
});

it('a week of the forecast has what its days and both ends of its band are worth', () => {
  const worth = (amount: number) => ({ days: 1, money: [{ amount, currency: 'eur' }] });
  const week = { week: 1, days: 30, low: 20, high: 40 };
  const weeks = [{ ...week, worth: { days: worth(300), low: worth(200), high: worth(400) } }];
  const csv = tableToCsv('forecast', { liability: { forecast: { weeks } } } as unknown as StatsDto);
  expect(csv.trim().split(/\r?\n/)).toEqual([
    'week,days,low,high,worth_eur,worth_low_eur,worth_high_eur',
    '1,30,20,40,3.00,2.00,4.00',
  ]);
});
