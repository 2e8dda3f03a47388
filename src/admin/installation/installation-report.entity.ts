import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CheckResult } from '../../platform/check-result.js';

/** What the checks of the installation found last: one row, replaced each time. */
@Entity('installation_report', { schema: 'admin' })
export class InstallationReportEntity {
  @PrimaryColumn('smallint', { default: 1 }) id: number;
  @Column('timestamptz', { name: 'checked_at' }) checkedAt: Date;
  @Column('jsonb') findings: CheckResult[];
}
