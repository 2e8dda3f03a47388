import type { Tx } from '../platform/database/tx.js';

/**
 * Notes in the temporary table `import_problem` every row of `import_row` (line, email) whose address has an
 * account already.
 */
export async function noteKnownAddresses(tx: Tx): Promise<void> {
  await tx.query(
    `INSERT INTO import_problem (line, field, message)
     SELECT r.line, 'email', 'has an account already'
     FROM import_row r JOIN auth."user" u ON u.email = r.email`,
  );
}
