import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import { Secrets } from '../../platform/security/secrets.js';
import { maxCodeLength, normaliseCode } from './referral-code.js';

/** A code of another tool, exactly as it was shared, and the present account of its owner. */
export interface CodeAlias {
  alias: string;
  userId: string;
}

/**
 * What became of an alias: it was added, its owner had it already, or it cannot be theirs, because
 * another person has it, had it before they were erased, or has a code that reads the same.
 */
export type AliasOutcome = 'added' | 'known' | 'taken';

/** What is stored of the alias of an erased person. No key of a code has a colon. */
const hashedText = (alias: string) => `alias:${alias}`;

/** The codes that people shared while another tool was in use. */
@Injectable()
export class CodeAliases {
  constructor(
    private readonly database: Database,
    private readonly secrets: Secrets,
    private readonly clock: Clock,
  ) {}

  /**
   * Gives people their aliases, at most one outcome an alias. Idempotent. Concurrent calls: one
   * person gets an alias, and none whose key another person chooses as a code at that moment;
   * without `locks` only for a transaction that is rolled back, since PostgreSQL has room for some
   * thousands of such locks.
   */
  async assign(
    tx: Tx,
    aliases: readonly CodeAlias[],
    { locks }: { locks: boolean } = { locks: true },
  ): Promise<Map<string, AliasOutcome>> {
    const wanted = new Map(aliases.map((one) => [one.alias, one.userId]));
    const names = [...wanted.keys()];
    if (locks) await this.lockKeys(tx, names);
    const blocked = await this.findCodesOfOthers(tx, wanted);
    const free = names.filter((alias) => !blocked.has(alias));
    const added = await this.insert(tx, wanted, free);
    // a statement of its own: after a wait for an erasure it sees what that left behind
    const erased = await this.removeErased(tx, added);
    const owners = await this.findOwners(tx, free);
    return new Map(
      names.map((alias) => {
        if (blocked.has(alias) || erased.has(alias)) return [alias, 'taken'];
        if (added.includes(alias)) return [alias, 'added'];
        return [alias, owners.get(alias) === wanted.get(alias) ? 'known' : 'taken'];
      }),
    );
  }

  /** The present owners of aliases, by alias. */
  async findOwners(db: Queryable, aliases: readonly string[]): Promise<Map<string, string>> {
    const rows = await db.query<CodeAlias>(
      `SELECT alias, platform.current_account_of(user_id) AS "userId" FROM referral.code_alias WHERE alias = ANY($1)`,
      [aliases],
    );
    return new Map(rows.map(({ alias, userId }) => [alias, userId]));
  }

  /** Whether the alias of another person reads like `code`; the keys of both are locked. */
  async isAliasOfAnother(tx: Tx, code: string, userId: string): Promise<boolean> {
    const rows: unknown[] = await tx.query(
      `SELECT 1 FROM referral.code_alias WHERE referral.code_key(alias) = referral.code_key($1)
         AND platform.current_account_of(user_id) <> platform.current_account_of($2) LIMIT 1`,
      [code, userId],
    );
    return rows.length > 0;
  }

  /** Makes those wait for each other who want codes or aliases that read the same. */
  async lockKeys(tx: Tx, codes: readonly string[]): Promise<void> {
    await tx.query(
      `SELECT pg_advisory_xact_lock(hashtextextended(k.key, 17))
       FROM (SELECT DISTINCT referral.code_key(code) AS key FROM unnest($1::text[]) AS code ORDER BY 1) k`,
      [codes],
    );
  }

  /** Deletes the aliases of a person, and keeps them taken for good as keyed hashes. Idempotent. */
  async erase(tx: Tx, userId: string): Promise<void> {
    const [rows]: [{ alias: string }[]] = await tx.query(
      `DELETE FROM referral.code_alias WHERE user_id = $1 RETURNING alias`,
      [userId],
    );
    await tx.query(
      `INSERT INTO referral.erased_code (code_hash) SELECT unnest($1::bytea[]) ON CONFLICT DO NOTHING`,
      [rows.map(({ alias }) => this.secrets.hash('erased_code', hashedText(alias)))],
    );
  }

  /** The aliases of an account, as its owner may see them. */
  exportUser(userId: string): Promise<unknown[]> {
    return this.database.query(
      `SELECT alias, created_at AS "createdAt" FROM referral.code_alias WHERE user_id = $1 ORDER BY created_at, alias`,
      [userId],
    );
  }

  /** Aliases that a person who follows them could be meant to have typed as a code of another. */
  private async findCodesOfOthers(tx: Tx, wanted: Map<string, string>): Promise<Set<string>> {
    const asked = [...wanted].map(([alias, userId]) => ({ alias, userId, meant: normaliseCode(alias) }));
    const rows: { alias: string }[] = await tx.query(
      `SELECT a.alias FROM jsonb_to_recordset($1::jsonb) AS a (alias text, "userId" uuid, meant text)
       WHERE EXISTS (SELECT 1 FROM referral.code c WHERE c.code = a.meant AND c.kind = 'random'
                       AND platform.current_account_of(c.user_id) <> a."userId")
          OR referral.code_key(a.alias) <> '' AND EXISTS (
               SELECT 1 FROM referral.code c WHERE referral.code_key(c.code) = referral.code_key(a.alias)
                 AND NOT c.is_ambiguous AND platform.current_account_of(c.user_id) <> a."userId")`,
      [JSON.stringify(asked)],
    );
    return new Set(rows.map(({ alias }) => alias));
  }

  private async insert(tx: Tx, wanted: Map<string, string>, aliases: string[]): Promise<string[]> {
    const rows: { alias: string }[] = await tx.query(
      `INSERT INTO referral.code_alias (alias, user_id, created_at)
       SELECT * FROM unnest($1::text[], $2::uuid[]), (VALUES ($3::timestamptz)) AS moment
       ON CONFLICT (alias) DO NOTHING RETURNING alias`,
      [aliases, aliases.map((alias) => wanted.get(alias)), this.clock.now()],
    );
    return rows.map(({ alias }) => alias);
  }

  private async removeErased(tx: Tx, added: string[]): Promise<Set<string>> {
    const aliasByHash = new Map(
      added.flatMap((alias) =>
        this.secrets
          .hashes('erased_code', hashedText(alias))
          .map((hash): [string, string] => [hash.toString('hex'), alias]),
      ),
    );
    const rows: { hash: string }[] = await tx.query(
      `SELECT encode(code_hash, 'hex') AS hash FROM referral.erased_code
       WHERE code_hash = ANY (SELECT decode(hash, 'hex') FROM unnest($1::text[]) AS hash)`,
      [[...aliasByHash.keys()]],
    );
    const erased = new Set(rows.map(({ hash }) => aliasByHash.get(hash) ?? ''));
    if (erased.size > 0)
      await tx.query(`DELETE FROM referral.code_alias WHERE alias = ANY($1)`, [[...erased]]);
    return erased;
  }
}

/** An alias as it may be stored: trimmed, 1 to 100 characters; null for anything else. */
export function parseAlias(text: string): string | null {
  const alias = text.trim();
  return alias === '' || alias.includes('\0') || [...alias].length > maxCodeLength ? null : alias;
}
