import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/audit-log.js';
import { Clock } from '../../platform/clock.js';
import { RowLoader } from '../../platform/database/row-loader.js';
import type { Tx } from '../../platform/database/tx.js';
import type { EmailAddress } from '../../platform/email-address.js';
import { DomainError } from '../../platform/errors.js';
import { fallbackLocale } from '../../platform/i18n/translations.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import type { UserCreated, UserUpdated } from '../auth.events.js';
import { EmailChanger } from '../profile/email-change.service.js';
import { SignUpService } from '../sign-in/sign-up.service.js';
import { ExternalPeopleRepository } from './external-people.repository.js';
import { changedFields, UsersRepository, type ProfileChanges, type User } from './users.repository.js';

/** What another product says of one of its people. A field left out stays as it is. */
export interface ExternalPerson extends ProfileChanges {
  externalId: string;
  email: EmailAddress;
  /** The person has proven the address there. */
  emailVerified: boolean;
  /** When they signed up there; only counts for a new user. */
  createdAt?: Date | undefined;
}

/** The user of an external person. `changed`: the fields that were written. */
export interface SavedPerson {
  user: User;
  isNew: boolean;
  changed: string[];
}

/** People whom another product knows by an id of its own. */
@Injectable()
export class ExternalPeople {
  private readonly userIds = new RowLoader((ids) => this.repository.findUserIds(ids));

  // eslint-disable-next-line max-params -- a person may be new, found, changed or moved
  constructor(
    private readonly repository: ExternalPeopleRepository,
    private readonly usersRepository: UsersRepository,
    private readonly emailChanger: EmailChanger,
    private readonly signUps: SignUpService,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** The user with this external id, or null. */
  findUserId(externalId: string): Promise<string | null> {
    return this.userIds.load(externalId);
  }

  /** The external id of a person, whichever of their accounts has one; null for one without. */
  findExternalId(userId: string): Promise<string | null> {
    return this.repository.findExternalId(userId);
  }

  /** See {@link ExternalPeopleRepository.findAccountId}. */
  findAccountId(tx: Tx, externalId: string): Promise<string | null> {
    return this.repository.findAccountId(tx, externalId);
  }

  /**
   * Finds the user of an external id; without one creates them, or adopts the account that has the
   * address, when it is proven and of no other person. Idempotent: nothing is written. Concurrent
   * calls: one user. No email is sent, but to an address that is replaced.
   * Errors: `person.email_taken`, `person.email_unverified`.
   */
  async save(tx: Tx, person: ExternalPerson, by: Actor): Promise<SavedPerson> {
    const saved = await this.write(tx, person, by);
    const userId = saved.user.id;
    const changed = saved.changed.filter((field) => field !== 'email'); // which has its own event
    const created: UserCreated = { name: 'auth.user_created', userId };
    const updated: UserUpdated = { name: 'auth.user_updated', userId, changed };
    this.outbox.publish(tx, ...(saved.isNew ? [created] : []), ...(changed.length > 0 ? [updated] : []));
    return saved;
  }

  private async write(tx: Tx, person: ExternalPerson, by: Actor): Promise<SavedPerson> {
    const known = await this.find(tx, person.externalId);
    if (known !== null) return this.update(tx, known, person, by);
    const created = await this.create(tx, person);
    if (created !== null) {
      await this.signUps.recordMailbox(tx, created);
      return { user: created, isNew: true, changed: [] };
    }
    // another transaction was first, with the id or with the address
    const meanwhile = await this.find(tx, person.externalId);
    return meanwhile === null ? this.adopt(tx, person, by) : this.update(tx, meanwhile, person, by);
  }

  private async find(tx: Tx, externalId: string): Promise<string | null> {
    return (await this.repository.findUserIds([externalId], tx)).get(externalId) ?? null;
  }

  private create(tx: Tx, { externalId, email, displayName, locale, timeZone, createdAt }: ExternalPerson) {
    return this.repository.insert(tx, {
      ...{ externalId, email, displayName: displayName ?? null },
      locale: locale ?? fallbackLocale,
      timeZone: timeZone ?? 'UTC',
      createdAt: createdAt ?? this.clock.now(),
    });
  }

  private async adopt(tx: Tx, person: ExternalPerson, by: Actor): Promise<SavedPerson> {
    const account = await this.repository.findByEmail(tx, person.email);
    if (account === null || account.hasExternalId) throw emailTaken();
    if (!person.emailVerified) throw new DomainError('person.email_unverified');
    if (!(await this.repository.assign(tx, account.userId, person.externalId))) throw emailTaken();
    const { user, changed } = await this.update(tx, account.userId, person, by);
    return { user, isNew: false, changed: ['externalId', ...changed] };
  }

  private async update(tx: Tx, userId: string, person: ExternalPerson, by: Actor): Promise<SavedPerson> {
    const before = await this.lock(tx, userId);
    const changed = changedFields(before, person);
    if (changed.length > 0) await this.usersRepository.updateProfile(tx, userId, person);
    if (before.email !== person.email) {
      await this.changeEmail(tx, before, person.email, by);
      changed.push('email');
    }
    return { user: changed.length > 0 ? await this.lock(tx, userId) : before, isNew: false, changed };
  }

  /** A merged account's address is one more of its person. */
  private async changeEmail(tx: Tx, user: User, email: EmailAddress, by: Actor): Promise<void> {
    const owner = await this.repository.findByEmail(tx, email);
    if (owner !== null) {
      if (owner.userId === user.id) return;
      throw emailTaken();
    }
    try {
      await this.emailChanger.apply(tx, { user, keptSessionId: null, by }, email);
    } catch (error) {
      if (error instanceof DomainError && error.code === 'auth.email_taken') throw emailTaken();
      throw error;
    }
  }

  private async lock(tx: Tx, userId: string): Promise<User> {
    const user = await this.usersRepository.findAndLock(tx, userId);
    if (user === null) throw new DomainError('request.not_found', { detail: 'This person was just erased.' });
    return user;
  }
}

function emailTaken(): DomainError {
  return new DomainError('person.email_taken');
}
