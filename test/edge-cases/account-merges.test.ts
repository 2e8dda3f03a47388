import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { CreditLedger } from '../../src/credit/ledger/credit-ledger.js';
import type { Merge } from '../../src/accounts/merge/merges.repository.js';
import { DomainError } from '../../src/platform/errors.js';
import { accountOperations, type AccountOperations } from '../accounts/account-operations.js';
import type { Person } from '../support/given.js';
import { holdLock } from '../support/held-lock.js';
import { createWorld, type World } from '../support/world.js';

let world: World;
let operations: AccountOperations;
beforeAll(async () => {
  world = await createWorld();
  operations = accountOperations(world);
});
afterAll(async () => {
  expect(await world.see.discrepancies()).toEqual([]);
  await world.close();
});

/** A merge as the model knows it: `moved` are all accounts that it made another person's. */
interface MergeInModel {
  from: number;
  into: number;
  moved: number[];
  isUndone: boolean;
}

/**
 * Which account each one is, by its index. A merge moves a person who was `from`; an undo moves
 * exactly those back.
 */
class MergeModel {
  readonly merges: MergeInModel[] = [];
  constructor(readonly persons: number[]) {}

  mayMerge(from: number, into: number): boolean {
    return from !== into && this.persons[from] === from && this.persons[into] === into;
  }

  merge(from: number, into: number): void {
    const moved = this.persons.flatMap((person, account) => (person === from ? [account] : []));
    for (const account of moved) this.persons[account] = into;
    this.merges.push({ from, into, moved, isUndone: false });
  }

  /** Not once the account that stayed was merged on. */
  mayUndo({ from, into }: MergeInModel): boolean {
    return this.persons[from] === into;
  }

  undo(merge: MergeInModel): void {
    for (const account of merge.moved) this.persons[account] = merge.from;
    merge.isUndone = true;
  }
}

const accounts = 5;
const step = fc.record({ undo: fc.boolean(), one: fc.nat(accounts - 1), other: fc.nat(accounts - 1) });

async function isRefused(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => false,
    (error: unknown) => {
      if (error instanceof DomainError && error.status === 409) return true;
      throw error;
    },
  );
}

describe('chains of merges and undos', () => {
  it('an undo in the middle of a chain brings back those who had followed', async () => {
    const [a, b, c] = [await world.given.user(), await world.given.user(), await world.given.user()];
    await operations.merge(a, b);
    const second = await operations.merge(b, c);
    expect(await personsOf([a, b, c])).toEqual([c.id, c.id, c.id]);
    await operations.undo(second);
    expect(await personsOf([a, b, c])).toEqual([b.id, b.id, c.id]);
  });

  it('after any merges and undos, every account belongs to the person in the model', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 10 }), async (steps) => {
        const people: Person[] = [];
        for (let n = 0; n < accounts; n++) people.push(await world.given.user());
        const mergeModel = new MergeModel(people.map((_, index) => index));
        const records: Merge[] = [];
        for (const { undo, one, other } of steps) {
          if (undo) await undoIn(mergeModel, records, one + other);
          else await mergeIn(mergeModel, records, [one, other], people);
          expect(await personsOf(people)).toEqual(mergeModel.persons.map((person) => people[person]?.id));
        }
      }),
      { numRuns: 25, seed: 29 },
    );
  });

  async function mergeIn(
    mergeModel: MergeModel,
    records: Merge[],
    [from, into]: [number, number],
    people: Person[],
  ): Promise<void> {
    if (!mergeModel.mayMerge(from, into)) return;
    records.push(await operations.merge(people[from] as Person, people[into] as Person));
    mergeModel.merge(from, into);
  }

  async function undoIn(mergeModel: MergeModel, records: Merge[], which: number): Promise<void> {
    const index = which % Math.max(1, records.length);
    const [merge, record] = [mergeModel.merges[index], records[index]];
    if (merge === undefined || record === undefined || merge.isUndone) return;
    expect(await isRefused(operations.undo(record))).toBe(!mergeModel.mayUndo(merge));
    if (mergeModel.mayUndo(merge)) mergeModel.undo(merge);
  }

  async function personsOf(people: Person[]): Promise<string[]> {
    const { rows } = await world.sql.query<{ person: string }>(
      `SELECT platform.current_account_of(id) AS person FROM unnest($1::uuid[]) WITH ORDINALITY AS a (id, n) ORDER BY n`,
      [people.map(({ id }) => id)],
    );
    return rows.map(({ person }) => person);
  }
});

describe('a grant to an account that was merged', () => {
  it('a grant to an account that was merged waits for its person before it touches either account, and loses nothing of both', async () => {
    const { clock, database, given, see, sql } = world;
    const anna = await given.user();
    clock.advance(1_000); // ids by time: her account is the first to be locked
    const twin = await given.user();
    await operations.merge(twin, anna);
    const ledger = world.app.get(CreditLedger, { strict: false });
    const grant = (to: Person, days: number) =>
      database.transaction((tx) =>
        ledger.grant(tx, [{ userId: to.id, kind: 'milestone', durationMs: days * 86_400_000 }]),
      );
    const row = `SELECT 1 FROM credit.account WHERE user_id = $1`;
    const held = await holdLock(sql, `${row} FOR UPDATE`, [anna.id]);
    const granted = Promise.all([grant(twin, 10), grant(twin, 5), grant(anna, 2)]);
    await held.untilBlocked(3);
    expect(await held.canLockRows(row, [twin.id])).toBe(true);
    await held.release();
    await granted;
    expect(await see.creditDaysOf(anna)).toBe(17);
    expect(await see.discrepancies()).toEqual([]);
  });
});
