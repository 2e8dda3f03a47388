import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * Who acts: a user for themselves, an admin in the console, an operator on the command line,
 * Stripe, Twofold by itself, or another product with an API key.
 */
export type ActorKind = 'user' | 'admin' | 'operator' | 'stripe' | 'system' | 'api_key';

/** Who did what to which user: ids and numbers only. It is append-only. */
@Entity('audit', { schema: 'platform' })
export class AuditEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('timestamptz') at: Date;
  @Column('text') action: string;
  @Column('text', { name: 'actor_kind' }) actorKind: ActorKind;
  @Column('uuid', { name: 'actor_id', nullable: true }) actorId: string | null;
  @Column('uuid', { name: 'subject_id', nullable: true }) subjectId: string | null;
  @Column('jsonb', { default: {} }) details: Record<string, unknown>;
  @Column('uuid', { name: 'note_id', nullable: true }) noteId: string | null;
}
