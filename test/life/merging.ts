import { AccountEnd, AccountMerges } from '../../src/life/index.js';
import type { MergePlan } from '../../src/life/merge-preview.js';
import type { MergeRecord } from '../../src/life/merge-records.js';
import type { Person } from '../support/given.js';
import type { World } from '../support/world.js';

const decision = { reason: 'one person', actor: { kind: 'operator' as const } };

/** Merging, parting and erasing in a world, as the operator does it. */
export interface Life {
  preview(from: Person, into: Person): Promise<MergePlan>;
  merge(from: Person, into: Person): Promise<MergeRecord>;
  undo(merge: MergeRecord): Promise<MergeRecord>;
  erase(person: Person): Promise<void>;
}

/** What ends accounts in `world`. */
export function lifeOf({ app, database }: World): Life {
  const merges = app.get(AccountMerges, { strict: false });
  const end = app.get(AccountEnd, { strict: false });
  const pair = (from: Person, into: Person) => ({ fromUserId: from.id, intoUserId: into.id });
  return {
    preview: (from, into) => merges.preview(pair(from, into)),
    merge: (from, into) => database.transaction((tx) => merges.merge(tx, pair(from, into), decision)),
    undo: ({ id }) => database.transaction((tx) => merges.undo(tx, id, decision)),
    erase: (person) => end.eraseOnRequest(person.id, { email: person.email, by: decision.actor }),
  };
}
