import type { Tx } from '../../platform/database/tx.js';
import type { GetService } from '../command-context.js';
import type { StepResult } from './moving-report.js';
import type { MovingRow } from './moving-row.js';
import type { ToolFormat } from './tool-format.js';

/** What the steps share. */
export interface MovingContext {
  get: GetService;
  tool: ToolFormat;
  now: Date;
  dryRun: boolean;
  upsert: boolean;
  /** Parameters of links that were warned of. */
  warnedParameters: Set<string>;
}

/** A pass over the file. */
export interface Step {
  name: string;
  write(
    context: MovingContext,
    tx: Tx,
    batch: { rows: readonly MovingRow[]; result: StepResult },
  ): Promise<void>;
}
