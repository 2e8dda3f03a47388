import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import { DomainError } from '../platform/errors.js';
import { invalid } from '../platform/http/validation.js';
import { Users } from './users.js';
import { nameProblem, parseLocale, parseTimeZone } from './profile-rules.js';
import type { User } from './user.js';

/** What of a profile to change; what is undefined stays, a null name falls back to the masked address. */
export interface ProfileChanges {
  displayName?: string | null;
  locale?: string;
  timeZone?: string;
}

/** How somebody is named and addressed. */
@Injectable()
export class Profiles {
  constructor(private readonly users: Users) {}

  /** Changes what `changes` names and answers the user. Errors: `request.not_found` for an erased one. */
  async update(tx: Tx, userId: string, changes: ProfileChanges): Promise<User> {
    await tx.query(
      `UPDATE auth."user" SET
         display_name = CASE WHEN $2 THEN $3 ELSE display_name END,
         locale = coalesce($4, locale), time_zone = coalesce($5, time_zone)
       WHERE id = $1 AND erased_at IS NULL`,
      [
        userId,
        changes.displayName !== undefined,
        changes.displayName?.normalize('NFC') ?? null,
        changes.locale ?? null,
        changes.timeZone ?? null,
      ],
    );
    return this.of(userId, tx);
  }

  /**
   * Reads the fields of a form as changes: an empty name is none.
   * Errors: `request.invalid` naming each field that will not do.
   */
  fromForm(fields: { displayName: string; locale: string; timeZone: string }): ProfileChanges {
    const displayName = fields.displayName.trim() || null;
    const locale = parseLocale(fields.locale);
    const timeZone = parseTimeZone(fields.timeZone);
    const name = displayName === null ? null : nameProblem(displayName);
    const errors = [
      ...(name === null ? [] : [{ path: 'displayName', message: name }]),
      ...(locale === null
        ? [{ path: 'locale', message: 'locale is a language tag such as en or de-AT' }]
        : []),
      ...(timeZone === null
        ? [{ path: 'timeZone', message: 'timeZone is a name such as Europe/Vienna' }]
        : []),
    ];
    if (errors.length > 0 || locale === null || timeZone === null) throw invalid(errors);
    return { displayName, locale, timeZone };
  }

  /** The user. Errors: `request.not_found` for an erased one. */
  async of(userId: string, tx?: Tx): Promise<User> {
    const user = await this.users.byId(userId, tx);
    if (user === null) throw new DomainError('request.not_found');
    return user;
  }
}
