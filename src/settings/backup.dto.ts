/** What to back up. */
export class BackupBody {
  /** Any JSON value but null, at most 1 MiB as text and 200 levels deep. */
  data: unknown;
}
