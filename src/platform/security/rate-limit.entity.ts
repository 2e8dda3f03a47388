import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How often one bucket of a limit was hit, counted by one upsert. */
@Entity('rate_limit', { schema: 'platform' })
export class RateLimitEntity {
  @PrimaryColumn('text') key: string;
  @Column('integer') hits: number;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt: Date;
}
