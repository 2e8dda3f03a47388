import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One run in which a worker compared what is stored with its history. */
@Entity('verification', { schema: 'platform' })
export class VerificationEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('timestamptz', { name: 'began_at' }) beganAt: Date;
  @Column('timestamptz', { name: 'ended_at' }) endedAt: Date;
  @Column('jsonb') counted: Record<string, number>;
  @Column('integer') discrepancies: number;
  @Column('jsonb', { comment: 'the first hundred discrepancies: ids and numbers only' }) found: unknown[];
}
