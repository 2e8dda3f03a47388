import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';

/** A person as pages name them; both null once erased. */
export interface PersonName {
  id: string;
  email: string | null;
  displayName: string | null;
}

/** The names of people by their ids, for pages that list what people did. */
@Injectable()
export class PeopleNames {
  constructor(private readonly database: Database) {}

  /** Those that are users; the ids of others are left out. */
  async findByIds(ids: readonly (string | null)[]): Promise<Map<string, PersonName>> {
    const known = [...new Set(ids.filter((id) => id !== null))];
    if (known.length === 0) return new Map();
    const rows = await this.database.query<PersonName>(
      `SELECT id, email, display_name AS "displayName" FROM admin.user_search WHERE id = ANY($1)`,
      [known],
    );
    return new Map(rows.map((row) => [row.id, row]));
  }
}
