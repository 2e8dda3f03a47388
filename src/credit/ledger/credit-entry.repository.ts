import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { lateralList, ListLoader } from '../../platform/database/row-loader.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import { dayMs } from '../../platform/durations.js';
import { allAccountsSql } from '../../platform/merged-accounts.js';
import { isRevocation, type CreditEntry, type EntryKind, type Side } from './credit-entry.js';

/** A row of credit.entry as the driver gives it: bigints are strings. */
export interface CreditEntryRow {
  id: string;
  user_id: string;
  seq: string;
  at: Date;
  kind: EntryKind;
  duration_ms: string;
  until_after: Date | null;
  conversion_id: string | null;
  side: Side | null;
  revision: number | null;
  reverses_entry_id: string | null;
  origin_entry_id: string | null;
  referral_id: string | null;
  note_id: string | null;
  not_before: Date | null;
  paid_period_from: Date | null;
  paid_period_until: Date | null;
}

/** The entry of a row. Durations stay far below 2^53 ms, so numbers are exact. */
export function toEntry(row: CreditEntryRow): CreditEntry {
  return {
    id: row.id,
    userId: row.user_id,
    seq: Number(row.seq),
    at: row.at,
    kind: row.kind,
    durationMs: Number(row.duration_ms),
    untilAfter: row.until_after,
    conversionId: row.conversion_id,
    side: row.side,
    revision: row.revision,
    reversesEntryId: row.reverses_entry_id,
    originEntryId: row.origin_entry_id,
    referralId: row.referral_id,
    noteId: row.note_id,
    notBefore: row.not_before,
    paidPeriod:
      row.paid_period_from === null || row.paid_period_until === null
        ? null
        : { from: row.paid_period_from, until: row.paid_period_until },
  };
}

/** A grant to append: who, how long, and what for. */
export interface NewGrant {
  userId: string;
  kind: EntryKind;
  durationMs: number;
  reward?: { conversionId: string; referralId: string; side: Side };
  noteId?: string;
}

/** A grant with its id, and where its days begin at the earliest (null: at once). */
export type GrantDraft = NewGrant & { id: string; notBefore: Date | null };

interface GrantedRow {
  ordinal: number;
  seq: string;
  at: Date;
  until: Date;
  current_owner_id: string;
}

/** What a referral earned one of its sides: net days, when first, and whether the credit stands. */
export interface ReferralEarnings {
  days: number;
  creditedAt: Date;
  isGranted: boolean;
}

/** The entries of `account` (a parameter, or the key of a {@link lateralList}). */
const selectByAccount = (account: '$1' | 'asked.key') =>
  `SELECT * FROM credit.entry WHERE user_id = ${account} ORDER BY seq`;

/** Entries of the ledger: written once, never changed. */
@Injectable()
export class CreditEntryRepository {
  private readonly rowLoader = new ListLoader<CreditEntryRow>(
    () => this.database.lookups,
    lateralList('uuid', selectByAccount('asked.key')),
  );

  constructor(private readonly database: Database) {}

  /** Inserts an entry; a trigger updates the account. The account is locked. */
  async insert(tx: Tx, entry: CreditEntry): Promise<void> {
    const row: Record<keyof CreditEntryRow, unknown> = {
      id: entry.id,
      user_id: entry.userId,
      seq: entry.seq,
      at: entry.at,
      kind: entry.kind,
      duration_ms: entry.durationMs,
      until_after: entry.untilAfter,
      conversion_id: entry.conversionId,
      side: entry.side,
      revision: entry.revision,
      reverses_entry_id: entry.reversesEntryId,
      origin_entry_id: entry.originEntryId,
      referral_id: entry.referralId,
      note_id: entry.noteId,
      not_before: entry.notBefore,
      paid_period_from: entry.paidPeriod?.from ?? null,
      paid_period_until: entry.paidPeriod?.until ?? null,
    };
    const names = Object.keys(row);
    await tx.query(
      `INSERT INTO credit.entry (${names.join(', ')}) VALUES (${names.map((_, index) => `$${index + 1}`).join(', ')})`,
      Object.values(row),
    );
  }

  /**
   * Writes grants in one call that takes the locks first, and answers each with the current owner
   * of its account.
   */
  async insertGrants(
    tx: Tx,
    drafts: readonly GrantDraft[],
    now: Date,
  ): Promise<{ entry: CreditEntry; currentOwnerId: string }[]> {
    const rows: GrantedRow[] = await tx.query(
      `SELECT ordinal, entry_seq AS seq, entry_at AS at, entry_until AS until, current_owner_id
     FROM credit.insert_grants($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        drafts.map(({ id }) => id),
        drafts.map(({ userId }) => userId),
        drafts.map(({ kind }) => kind),
        drafts.map(({ durationMs }) => durationMs),
        drafts.map(({ reward }) => reward?.conversionId ?? null),
        drafts.map(({ reward }) => reward?.referralId ?? null),
        drafts.map(({ reward }) => reward?.side ?? null),
        drafts.map(({ noteId }) => noteId ?? null),
        drafts.map(({ notBefore }) => notBefore),
        now,
      ],
    );
    return rows.flatMap((row) => {
      const draft = drafts[row.ordinal - 1];
      return draft === undefined
        ? []
        : [{ entry: toGrantedEntry(draft, row), currentOwnerId: row.current_owner_id }];
    });
  }

  /** All entries of one account, oldest first. */
  async findByAccount(db: Queryable, userId: string): Promise<CreditEntry[]> {
    return (await db.query<CreditEntryRow>(selectByAccount('$1'), [userId])).map(toEntry);
  }

  /** As {@link findByAccount}, outside a transaction, together with those of other requests. */
  async loadByAccount(userId: string): Promise<CreditEntry[]> {
    return (await this.rowLoader.load(userId)).map(toEntry);
  }

  /** An entry; undefined for an unknown one. */
  async findById(tx: Tx, id: string): Promise<CreditEntry | undefined> {
    return (await this.select(tx, `id = $1`, id))[0];
  }

  /** The grant whose days an entry moves, else the entry itself; undefined for an unknown one. */
  async findOrigin(tx: Tx, id: string): Promise<CreditEntry | undefined> {
    const found = await this.select(
      tx,
      `id = (SELECT coalesce(origin_entry_id, id) FROM credit.entry WHERE id = $1)`,
      id,
    );
    return found[0];
  }

  /** The revocation of a grant by a person, in whichever account; undefined without one. */
  async findManualRevocation(tx: Tx, grantId: string): Promise<CreditEntry | undefined> {
    const found = await this.select(
      tx,
      `kind = 'admin_revoke' AND reverses_entry_id IN (SELECT $1::uuid UNION SELECT id FROM credit.entry WHERE origin_entry_id = $1)`,
      grantId,
    );
    return found[0];
  }

  /** The entries of a conversion, in this order. */
  findByConversion(tx: Tx, conversionId: string, order: 'user_id, seq' | 'revision'): Promise<CreditEntry[]> {
    return this.select(tx, `conversion_id = $1 ORDER BY ${order}`, conversionId);
  }

  /** `where` is written in the code, never taken from input. */
  private async select(tx: Tx, where: string, parameter: string): Promise<CreditEntry[]> {
    const rows: CreditEntryRow[] = await tx.query(`SELECT * FROM credit.entry WHERE ${where}`, [parameter]);
    return rows.map(toEntry);
  }

  /**
   * The entries that grant, revoke, restore or move the same days as `entryId` does, in whichever
   * account they are.
   */
  findRelated(db: Queryable, entryId: string): Promise<{ id: string; userId: string }[]> {
    return db.query(
      `SELECT e.id, e.user_id AS "userId" FROM credit.entry one
     JOIN credit.entry root ON root.id = coalesce(one.origin_entry_id, one.id)
     JOIN credit.entry e ON e.id = root.id OR e.origin_entry_id = root.id
       OR (e.conversion_id = root.conversion_id AND e.side = root.side)
     WHERE one.id = $1`,
      [entryId],
    );
  }

  /** Whose account an entry is in; null for an unknown one. */
  async findUserId(db: Queryable, entryId: string): Promise<string | null> {
    const rows = await db.query<{ user_id: string }>(`SELECT user_id FROM credit.entry WHERE id = $1`, [
      entryId,
    ]);
    return rows[0]?.user_id ?? null;
  }

  /** Who the accounts are now that these grants were written to, by grant. */
  async findCurrentOwners(tx: Tx, entryIds: string[]): Promise<Map<string, string>> {
    const rows: { id: string; person: string }[] = await tx.query(
      `SELECT id, platform.current_account_of(user_id) AS person FROM credit.entry WHERE id = ANY($1)`,
      [entryIds],
    );
    return new Map(rows.map(({ id, person }) => [id, person]));
  }

  /** The last revision of one side of a conversion, over all accounts; 0 before the first. */
  async findLastRevision(tx: Tx, conversionId: string, side: Side | null): Promise<number> {
    const [last]: { revision: number }[] = await tx.query(
      `SELECT max(revision) AS revision FROM credit.entry WHERE conversion_id = $1 AND side = $2`,
      [conversionId, side],
    );
    return last?.revision ?? 0;
  }

  /** Whether days of a user ever had to wait for a time. */
  async hasWaitingDays(tx: Tx, userId: string): Promise<boolean> {
    const rows: { waiting: boolean }[] = await tx.query(`SELECT credit.has_waiting_days($1) AS waiting`, [
      userId,
    ]);
    return rows[0]?.waiting ?? false;
  }

  /** What the entries of a conversion add up to on each side, in milliseconds. */
  async netDurationBySide(tx: Tx, conversionId: string): Promise<Map<Side, number>> {
    const rows: { side: Side; net: string }[] = await tx.query(
      `SELECT side, sum(duration_ms) AS net FROM credit.entry WHERE conversion_id = $1 GROUP BY side`,
      [conversionId],
    );
    return new Map(rows.map(({ side, net }) => [side, Number(net)]));
  }

  /** What a person earned on one side of these conversions, in all their accounts. */
  async earningsByReferral(
    userId: string,
    side: Side,
    conversionIds: readonly string[],
    db: Queryable = this.database.lookups,
  ): Promise<Map<string, ReferralEarnings>> {
    const rows = await db.query<{
      referral_id: string;
      days: string;
      credited_at: Date;
      kind: EntryKind;
    }>(
      `SELECT referral_id, sum(duration_ms) / ${dayMs} AS days, min(at) AS credited_at, (array_agg(kind ORDER BY revision DESC))[1] AS kind
       FROM credit.entry WHERE conversion_id = ANY($3) AND side = $2 AND user_id = ANY(${allAccountsSql('$1')}) GROUP BY referral_id`,
      [userId, side, conversionIds],
    );
    return new Map(
      rows.map((row) => [
        row.referral_id,
        { days: Number(row.days), creditedAt: row.credited_at, isGranted: !isRevocation(row.kind) },
      ]),
    );
  }
}

function toGrantedEntry({ reward, noteId, ...draft }: GrantDraft, grantedRow: GrantedRow): CreditEntry {
  return {
    ...draft,
    seq: Number(grantedRow.seq),
    at: grantedRow.at,
    untilAfter: grantedRow.until,
    conversionId: reward?.conversionId ?? null,
    side: reward?.side ?? null,
    revision: reward === undefined ? null : 0,
    reversesEntryId: null,
    originEntryId: null,
    referralId: reward?.referralId ?? null,
    noteId: noteId ?? null,
    paidPeriod: null,
  };
}
