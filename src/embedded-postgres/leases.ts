import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { preserveOwner } from './os-account.js';
import { isAlive, ProcessIdentity, currentProcess } from './process-identity.js';

/**
 * Who uses the server at present: a file for each use, with a unique name. Change and read it only
 * under the lock.
 */
export class Leases {
  constructor(private readonly dir: string) {}

  /** Notes one more use by this process. Answers the file to hand to {@link remove}. */
  add(): string {
    mkdirSync(this.dir, { recursive: true, mode: 0o700 });
    preserveOwner(this.dir);
    const file = join(this.dir, `${process.pid}-${randomUUID()}`);
    writeFileSync(file, JSON.stringify(currentProcess()), { mode: 0o600 });
    preserveOwner(file);
    return file;
  }

  /** Ends one use. Idempotent: nothing happens. */
  remove(file: string): void {
    rmSync(file, { force: true });
  }

  /** How many uses there are by living processes; what dead ones left is swept away. */
  count(): number {
    const files = readdirSync(this.dir).map((name) => join(this.dir, name));
    const dead = files.filter((file) => !isActive(file));
    for (const file of dead) rmSync(file, { force: true });
    return files.length - dead.length;
  }
}

function isActive(file: string): boolean {
  try {
    return isAlive(JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity);
  } catch (error) {
    if (error instanceof SyntaxError) return false; // its writer was killed half-way
    throw error;
  }
}
