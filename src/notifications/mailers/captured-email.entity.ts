import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An email that was kept instead of sent, in local mode only. */
@Entity('captured_email', { schema: 'notifications' })
export class CapturedEmailEntity {
  @PrimaryColumn('text') id: string;
  @Column('text') recipient: string;
  @Column('text') subject: string;
  @Column('text', { name: 'text_part' }) textPart: string;
  @Column('text', { name: 'html_part' }) htmlPart: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
}
