import { Entity, PrimaryColumn } from 'typeorm';

/** The vanity code of an erased user, as a keyed hash, so that no other user gets it. */
@Entity('erased_code', { schema: 'referral' })
export class ErasedCodeEntity {
  @PrimaryColumn('bytea', { name: 'code_hash' }) codeHash: Buffer;
}
