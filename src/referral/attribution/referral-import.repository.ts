import type { Tx } from '../../platform/database/tx.js';
import { codeAlphabet } from '../codes/referral-code.js';

/**
 * Checks the codes in the temporary table `import_row` (line, referral_code, referred_by_code): a
 * code must be free, and must never have been that of a person erased; and a person who is named as
 * referrer must have theirs here or anywhere in the file. Notes in `import_problem` what is not,
 * and in `import_warning` who gets no referral because they were rewarded before.
 */
export async function checkImportedCodes(tx: Tx): Promise<void> {
  await spellAsStored(tx);
  await tx.query(
    `INSERT INTO import_problem (line, field, message)
     SELECT r.line, 'referral_code', 'is already the code of another user: leave it empty'
     FROM import_row r WHERE r.referral_code IS NOT NULL AND (
       EXISTS (SELECT 1 FROM referral.code c WHERE c.code = r.referral_code)
       OR EXISTS (SELECT 1 FROM referral.code_alias a WHERE referral.code_key(a.alias) = r.referral_code)
       OR EXISTS (SELECT 1 FROM referral.code c WHERE referral.code_key(c.code) = r.referral_code AND NOT c.is_ambiguous)
       OR EXISTS (SELECT 1 FROM referral.code c WHERE ${unambiguousLettersSql('c.code')} = r.referral_code
                    AND length(${unambiguousLettersSql('c.code')}) = 8))`,
  );
  // after the check present codes: what an erasure takes from there meanwhile is found here
  await tx.query(
    `INSERT INTO import_problem (line, field, message)
     SELECT r.line, 'referral_code', 'was the code of an erased user: leave it empty'
     FROM import_row r WHERE ${isRemembered('r.code_hashes', 'referral.erased_code', 'code_hash')}`,
  );
  await tx.query(
    `INSERT INTO import_problem (line, field, message)
     SELECT r.line, 'referred_by_code', 'is not a known code, here or in this file: correct it, or leave it empty'
     FROM import_row r
     LEFT JOIN referral.code c ON c.code = r.referred_by_code AND c.retired_at IS NULL
     WHERE r.referred_by_code IS NOT NULL AND c.code IS NULL
       AND NOT EXISTS (SELECT 1 FROM import_row o WHERE o.referral_code = r.referred_by_code)`,
  );
  await tx.query(
    `INSERT INTO import_warning (line, field, message)
     SELECT r.line, 'referred_by_code', 'was rewarded before, so no referral is made' FROM import_row r
     WHERE r.referred_by_code IS NOT NULL AND ${wasRewardedSql}`,
  );
}

/**
 * Writes the codes and referrals of `import_row`, whose people are in `import_user` (line,
 * user_id). A referral is linked at its person's `created_at`, under the terms `termsVersion`.
 * Answers how many there are.
 */
export async function importReferrals(
  tx: Tx,
  { termsVersion, at }: { termsVersion: number; at: Date },
): Promise<number> {
  await tx.query(
    `INSERT INTO referral.code (code, user_id, created_at)
     SELECT r.referral_code, p.user_id, $1 FROM import_row r JOIN import_user p USING (line)
     WHERE r.referral_code IS NOT NULL`,
    [at],
  );
  const [inserted]: { referrals: string }[] = await tx.query(
    `WITH made AS (
       INSERT INTO referral.referral (id, referrer_id, referred_id, code, terms_version, origin, label, linked_at)
       SELECT r.referral_id, c.user_id, p.user_id, c.code, $1, 'import', r.label, r.created_at
       FROM import_row r JOIN import_user p USING (line)
       JOIN referral.code c ON c.code = r.referred_by_code AND c.retired_at IS NULL
       WHERE NOT ${wasRewardedSql} RETURNING 1)
     SELECT count(*) AS referrals FROM made`,
    [termsVersion],
  );
  return Number(inserted?.referrals ?? 0);
}

/** A code that a person here has in another spelling, becomes theirs as it is written. */
async function spellAsStored(tx: Tx): Promise<void> {
  await tx.query(
    `UPDATE import_row r SET referred_by_code = c.code FROM referral.code c
     WHERE referral.code_key(c.code) = r.referred_by_code AND NOT c.is_ambiguous AND c.code <> r.referred_by_code
       AND NOT EXISTS (SELECT 1 FROM referral.code exact WHERE exact.code = r.referred_by_code)`,
  );
}

/** As in the index `code_has_no_lookalike`. */
function unambiguousLettersSql(code: string): string {
  return `regexp_replace(${code}, '[^${codeAlphabet}]', '', 'g')`;
}

/** Erasure does not make a person new again: their address, as a keyed hash, is remembered. */
const wasRewardedSql = isRemembered('r.email_hashes', 'referral.tombstone', 'email_hash');

/** Whether one of `hashes` (hex) is kept in `table`. */
function isRemembered(hashes: string, table: string, column: string): string {
  return `EXISTS (SELECT 1 FROM unnest(${hashes}) AS own (hash) JOIN ${table} kept ON kept.${column} = decode(own.hash, 'hex'))`;
}
