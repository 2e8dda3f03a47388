import { open, type FileHandle } from 'node:fs/promises';
import { toCsv } from '../../platform/csv.js';
import { UsageError } from '../command-context.js';
import type { Finding } from './finding.js';

/** A CSV file with every problem and warning of an import; readable by its owner only. */
export class ProblemFile {
  private constructor(
    readonly path: string,
    private readonly handle: FileHandle,
  ) {}

  /** Makes the file, or empties it. Errors: UsageError where it cannot be written. */
  static async create(path: string): Promise<ProblemFile> {
    const handle = await open(path, 'w', 0o600).catch((error: Error) => {
      throw new UsageError(`${path} cannot be written: ${error.message}`);
    });
    await handle.appendFile(toCsv([['level', 'line', 'column', 'value', 'detail', 'message']]));
    return new ProblemFile(path, handle);
  }

  /** Adds lines. */
  async add(findings: readonly Finding[]): Promise<void> {
    if (findings.length === 0) return;
    const rows = findings.map((found) => [
      ...[found.level, found.line, found.column],
      ...[found.value, found.detail, found.message],
    ]);
    await this.handle.appendFile(toCsv(rows));
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}
