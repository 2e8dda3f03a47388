import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The access of a person as `access.changed` has last said it. */
@Entity('published_access', { schema: 'webhooks' })
export class PublishedAccessEntity {
  @PrimaryColumn('uuid', { name: 'user_id' }) userId: string;
  @Column('boolean') active: boolean;
  @Column('text') source: 'subscription' | 'credit' | 'none';
  @Column('timestamptz', { nullable: true }) until: Date | null;
  @Column('text') tier: 'free' | 'paid';
  @Column('timestamptz', { name: 'credit_until', nullable: true }) creditUntil: Date | null;
  @Column('bigint') revision: string;
  @Column('timestamptz', {
    name: 'changes_at',
    nullable: true,
    comment: 'when it changes by time alone; null: never',
  })
  changesAt: Date | null;
}
