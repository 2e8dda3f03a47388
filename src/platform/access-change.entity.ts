import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** The access of an account may have changed, which is not published yet. */
@Entity('access_change', { schema: 'platform' })
export class AccessChangeEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) id: string;
  @Column('uuid', { name: 'user_id' }) userId: string;
}
