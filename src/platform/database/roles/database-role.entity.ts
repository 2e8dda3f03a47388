import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a role of the database is for: `app` runs Twofold, `reader` reads its ledger. */
export type RoleAccess = 'app' | 'reader';

/** A role besides the owner that uses this database. */
@Entity('database_role', { schema: 'platform' })
export class DatabaseRoleEntity {
  @PrimaryColumn('text') name: string;
  @Column('text') access: RoleAccess;
}
