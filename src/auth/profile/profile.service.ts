import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/tx.js';
import { DomainError } from '../../platform/errors.js';
import { invalidFields } from '../../platform/http/validation.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { changedFields, UsersRepository, type ProfileChanges, type User } from '../users/users.repository.js';
import type { UserUpdated } from '../auth.events.js';
import { displayNameProblem, parseLocale, parseTimeZone } from './profile-validation.js';

/** The language of a browser, null where there are no texts of it, and its time zone. */
export interface BrowserProfile {
  locale: string | null;
  /** As it was sent; empty for none. */
  timeZone: string;
}

/** How a person is named and addressed. */
@Injectable()
export class ProfileService {
  constructor(
    private readonly usersRepository: UsersRepository,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Changes what `changes` names and answers the user. Idempotent: nothing is written. Errors:
   * `request.not_found` for an erased one.
   */
  async update(tx: Tx, userId: string, changes: ProfileChanges): Promise<User> {
    const user = await this.usersRepository.findAndLock(tx, userId);
    if (user === null) throw new DomainError('request.not_found');
    const changed = changedFields(user, changes);
    if (changed.length === 0) return user;
    await this.usersRepository.updateProfile(tx, userId, changes);
    this.publishUpdate(tx, userId, changed);
    return this.findUser(userId, tx);
  }

  /**
   * Takes what the browser of a new person says, where neither they nor the product has said
   * anything but English or UTC. A time zone that is none is not taken. Idempotent.
   * Errors: `request.not_found` for an erased one.
   */
  async fill(tx: Tx, userId: string, { locale, timeZone }: BrowserProfile): Promise<User> {
    const before = await this.usersRepository.findAndLock(tx, userId);
    const known = { locale, timeZone: parseTimeZone(timeZone) };
    const user = before && (await this.usersRepository.fillProfile(tx, before.id, known));
    if (before === null || user === null) throw new DomainError('request.not_found');
    const changed = changedFields(before, user);
    if (changed.length > 0) this.publishUpdate(tx, user.id, changed);
    return user;
  }

  private publishUpdate(tx: Tx, userId: string, changed: string[]): void {
    const event: UserUpdated = { name: 'auth.user_updated', userId, changed };
    this.outbox.publish(tx, event);
  }

  /**
   * Reads the fields of a form as changes: an empty name is none.
   * Errors: `request.invalid` naming each field that will not do.
   */
  parseForm(fields: { displayName: string; locale: string; timeZone: string }): ProfileChanges {
    const displayName = fields.displayName.trim() || null;
    const locale = parseLocale(fields.locale);
    const timeZone = parseTimeZone(fields.timeZone);
    const name = displayName === null ? null : displayNameProblem(displayName);
    const errors = [
      ...(name === null ? [] : [{ path: 'displayName', text: name }]),
      ...(locale === null ? [{ path: 'locale', text: { key: 'profile.problem.language' } }] : []),
      ...(timeZone === null ? [{ path: 'timeZone', text: { key: 'profile.problem.timeZone' } }] : []),
    ];
    if (errors.length > 0 || locale === null || timeZone === null) throw invalidFields(errors);
    return { displayName, locale, timeZone };
  }

  /** Reads a name from a form; null for an empty one. Errors: `request.invalid`. */
  parseName(text: string): string | null {
    const name = text.trim() || null;
    const problem = name === null ? null : displayNameProblem(name);
    if (problem !== null) throw invalidFields([{ path: 'displayName', text: problem }]);
    return name;
  }

  /** The user. Errors: `request.not_found` for an erased one. */
  async findUser(userId: string, tx?: Tx): Promise<User> {
    const user = await this.usersRepository.findById(userId, tx);
    if (user === null) throw new DomainError('request.not_found');
    return user;
  }
}
