import { Injectable } from '@nestjs/common';
import { Audit } from '../platform/audit.js';
import { Database } from '../platform/database/database.js';
import { Persons } from '../platform/persons.js';
import { KeptForPeople } from './kept-for-people.js';
import { MergeRecords } from './merge-records.js';

const linesAtOnce = 1_000;
const mergesAtMost = 1_000;

/** A line of the audit as its subject may see it. Who else had a part in it is told by kind only. */
export interface OwnLine {
  at: string;
  action: string;
  by: string;
  note: string | null;
}

/** What no other module exports: what was done to somebody, what floors above keep for them, and their merges. */
@Injectable()
export class OwnTrail {
  constructor(
    private readonly keeper: KeptForPeople,
    private readonly audit: Audit,
    private readonly persons: Persons,
    private readonly merges: MergeRecords,
    private readonly database: Database,
  ) {}

  /** What was done to `userId`, newest first, a thousand lines at a time. */
  async *lines(userId: string): AsyncGenerator<OwnLine> {
    for (let beforeId: string | null = null; ;) {
      const batch = await this.audit.find(this.database, { subjectId: userId, beforeId, limit: linesAtOnce });
      for (const { at, action, actorKind, note } of batch)
        yield { at: new Date(at).toISOString(), action, by: actorKind, note };
      const last = batch.at(-1);
      if (last === undefined || batch.length < linesAtOnce) return;
      beforeId = last.id;
    }
  }

  /** What floors above keep, and which merges the account was part of. */
  async kept(userId: string): Promise<Record<string, unknown>> {
    const merges = await this.merges.newest(this.database, { beforeId: null, limit: mergesAtMost, userId });
    return {
      ...(await this.keeper.exportOf(userId)),
      merges: merges.map(({ id, fromUserId, intoUserId, mergedAt, undoneAt }) => ({
        ...{ id, fromUserId, intoUserId, mergedAt, undoneAt },
      })),
    };
  }

  /** The accounts that were merged into this one. */
  async mergedAccounts(userId: string): Promise<string[]> {
    return (await this.persons.accountsOf(this.database, userId)).slice(1);
  }
}
