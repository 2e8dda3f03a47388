import { AccountErasure, AccountMergeService } from '../../src/accounts/index.js';
import type { MergePlan } from '../../src/accounts/merge/merge-plan.js';
import type { Merge } from '../../src/accounts/merge/merges.repository.js';
import type { Person } from '../support/given.js';
import type { World } from '../support/world.js';

const decision = { reason: 'one person', actor: { kind: 'operator' as const } };

/** Merging, parting and erasing in a world, as the operator does it. */
export interface AccountOperations {
  preview(from: Person, into: Person): Promise<MergePlan>;
  merge(from: Person, into: Person): Promise<Merge>;
  undo(merge: Merge): Promise<Merge>;
  erase(person: Person): Promise<void>;
}

/** What ends accounts in `world`. */
export function accountOperations({ app, database }: World): AccountOperations {
  const merges = app.get(AccountMergeService, { strict: false });
  const erasure = app.get(AccountErasure, { strict: false });
  const pair = (from: Person, into: Person) => ({ fromUserId: from.id, intoUserId: into.id });
  return {
    preview: (from, into) => merges.preview(pair(from, into)),
    merge: (from, into) => database.transaction((tx) => merges.merge(tx, pair(from, into), decision)),
    undo: ({ id }) => database.transaction((tx) => merges.undo(tx, id, decision)),
    erase: (person) => erasure.eraseByStaff(person.id, { email: person.email, by: decision.actor }),
  };
}
