import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FraudRules } from '../../src/referral/fraud/fraud-rules.js';
import { defaultRuleSettings } from '../../src/referral/fraud/rule-evaluation.js';
import { createWorld, type World } from '../support/world.js';

describe('the settings of the fraud rules', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  const startAgain = () => world.app.get(FraudRules, { strict: false }).onModuleInit();
  const stored = async () => {
    const { rows } = await world.sql.query(
      `SELECT name, mode, weight FROM referral.fraud_rule ORDER BY name`,
    );
    return rows;
  };
  const byName = (one: { name: string }, other: { name: string }) => (one.name < other.name ? -1 : 1);

  it('the table holds the rules of the code with their defaults, and no others', async () => {
    expect((await stored()).sort(byName)).toEqual([...defaultRuleSettings].sort(byName));
  });

  it('a rule that is new is added at the next start, and what the operator has set stays', async () => {
    await world.sql.query(`DELETE FROM referral.fraud_rule WHERE name = 'loop'`);
    await world.sql.query(`UPDATE referral.fraud_rule SET mode = 'off', weight = 7 WHERE name = 'velocity'`);
    await Promise.all([startAgain(), startAgain()]);
    const rules = await stored();
    expect(rules).toContainEqual({ name: 'loop', mode: 'live', weight: 60 });
    expect(rules).toContainEqual({ name: 'velocity', mode: 'off', weight: 7 });
    expect(rules).toHaveLength(defaultRuleSettings.length);
  });
});
