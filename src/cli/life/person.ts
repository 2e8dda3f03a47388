import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AccountEnd, AuditedExports } from '../../life/index.js';
import { Database } from '../../platform/database/database.js';
import { Persons } from '../../platform/persons.js';
import type { Get } from '../application.js';
import { operator, userOfEmail } from '../people.js';
import type { Report } from '../report.js';

/** Writes all that is stored about somebody, as JSON, to a file or to standard output. Errors: Problem for an unknown address. */
export async function exportPerson(
  get: Get,
  email: string,
  { output }: { output?: string },
): Promise<Report | null> {
  const { id } = await userOfEmail(get, email);
  const json = Readable.from(await get(AuditedExports).of(id, operator));
  if (output === undefined) {
    for await (const piece of json) process.stdout.write(String(piece));
    return null;
  }
  await pipeline(json, createWriteStream(output, { mode: 0o600 }));
  return { json: { userId: id, output }, lines: [`Everything about ${email} is in ${output}.`] };
}

/**
 * Erases somebody for good, with all accounts that were merged into theirs; without `yes` only tells what that means.
 * Errors: Problem for an unknown address; `auth.still_charged`.
 */
export async function erasePerson(get: Get, email: string, { yes }: { yes?: true }): Promise<Report> {
  const user = await userOfEmail(get, email);
  if (yes !== true) {
    const accounts = await get(Persons).accountsOf(get(Database), user.id);
    return {
      json: { userId: user.id, erased: false, accounts },
      lines: [
        `${user.email} would be erased for good, with ${accounts.length - 1} accounts that were merged into it.`,
        'Books, and the credit of others, stay. Nothing was written: add --yes to do it.',
      ],
    };
  }
  await get(AccountEnd).eraseOnRequest(user.id, { email: user.email, by: operator });
  return { json: { userId: user.id, erased: true }, lines: [`The account ${user.id} is erased.`] };
}
