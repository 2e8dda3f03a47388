import { IsDefined } from 'class-validator';

/** What to back up. */
export class BackupBody {
  /** Any JSON value, at most 1 MiB as text. */
  @IsDefined({ message: 'data must be given' })
  data: unknown;
}
