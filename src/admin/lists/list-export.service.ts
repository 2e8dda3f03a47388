import { Readable } from 'node:stream';
import { Injectable, StreamableFile } from '@nestjs/common';
import { AuditLog } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import { writeCsv, type CsvColumn } from '../../platform/csv.js';
import { Database } from '../../platform/database/database.js';
import type { FormFields } from '../../platform/http/form-fields.js';
import { readPages } from '../../platform/lists/keyset-list.js';
import {
  parseListRequest,
  type ListDefinition,
  type ListRequest,
} from '../../platform/lists/list-request.js';
import { adminActor, type Principal } from '../../platform/security/principal.js';
import type { FileSource, ListSource } from './list-view.js';

const rowsPerBatch = 1_000;

/** Files with all rows of a list. */
@Injectable()
export class ListExport {
  constructor(
    private readonly auditLog: AuditLog,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * The rows that an address asks for as a CSV file. They are read a batch at a time, as fast as
   * the client takes them. It is recorded before the first row leaves.
   */
  async export<Row>(
    me: Principal,
    source: ListSource<Row> | FileSource<Row>,
    columns: readonly CsvColumn<Row>[],
    fields: FormFields,
  ): Promise<StreamableFile> {
    const request = { ...parseListRequest(source.definition, fields, me), cursor: null };
    await this.database.transaction((tx) => {
      this.auditLog.record(tx, {
        action: 'console.list_exported',
        actor: adminActor(me),
        details: { list: source.name, ...source.about, filters: loggableFilters(source.definition, request) },
      });
    });
    const batches = readAll(source, request);
    const day = this.clock.now().toISOString().slice(0, 10);
    return new StreamableFile(Readable.from(writeCsv(columns, batches)), {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="twofold-${source.name}-${day}.csv"`,
    });
  }
}

function readAll<Row>(
  source: ListSource<Row> | FileSource<Row>,
  request: ListRequest,
): AsyncGenerator<Row[]> {
  if (!('list' in source)) return source.readAll(request, rowsPerBatch);
  return (
    source.readAll?.(request, rowsPerBatch) ?? readPages((page) => source.list(page, rowsPerBatch), request)
  );
}

/** The audit log holds no words of people: of a text it says that there was one. */
function loggableFilters({ filters }: ListDefinition, request: ListRequest): Record<string, unknown> {
  const inForce = filters.filter(({ name }) => request.filters[name] !== undefined);
  return {
    ...Object.fromEntries(
      inForce.map(({ name, kind }) => [name, kind === 'text' ? true : request.filters[name]]),
    ),
    ...(inForce.some(({ kind }) => kind === 'day') && { timeZone: request.timeZone }),
  };
}
