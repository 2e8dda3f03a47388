import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A text written by a person, which can be erased. */
@Entity('note', { schema: 'platform' })
export class NoteEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'subject_id', nullable: true }) subjectId: string | null;
  @Column('text') text: string;
}
