import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** One of the last revisions of the backup that a user's client stores. */
@Entity('backup', { schema: 'settings' })
export class BackupEntity {
  @ForeignKey('UserEntity', { name: 'backup_belongs_to_a_user', onDelete: 'CASCADE' })
  @PrimaryColumn('uuid', { name: 'user_id' })
  userId: string;

  @PrimaryColumn('integer') revision: number;
  @Column('json') data: unknown;
  @Column('integer') size: number;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt: Date;
  @Column('boolean', { name: 'is_deleted', default: false }) isDeleted: boolean;
}
