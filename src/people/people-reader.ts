import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AccessReader, type AccountAccess } from '../accounts/index.js';
import { AuthService, ExternalPeople } from '../auth/index.js';
import { DomainError } from '../platform/errors.js';
import { toPersonDto } from './people.service.js';
import type { PeopleAccessDto, PersonAccessDto, PersonDto } from './person.dto.js';

/** Reads people by their ids in another product. */
@Injectable()
export class PeopleReader {
  constructor(
    private readonly people: ExternalPeople,
    private readonly auth: AuthService,
    private readonly accesses: AccessReader,
  ) {}

  /** The user of an external id. Errors: `request.not_found`. */
  async requireUserId(externalId: string): Promise<string> {
    const userId = await this.people.findUserId(externalId);
    if (userId === null) throw unknownPerson();
    return userId;
  }

  /** The person. Errors: `request.not_found`. */
  async getPerson(externalId: string): Promise<PersonDto> {
    const user = await this.auth.findById(await this.requireUserId(externalId));
    if (user === null) throw new DomainError('request.not_found');
    return toPersonDto(externalId, user);
  }

  /** The person's access. Errors: `request.not_found`. */
  async getAccess(externalId: string): Promise<PersonAccessDto> {
    const access = await this.accesses.findByExternalId(externalId);
    if (access === null) throw unknownPerson();
    return toPersonAccess(externalId, access);
  }

  /** The access of several people, by as many lookups as for one. */
  async listAccess(externalIds: readonly string[]): Promise<PeopleAccessDto> {
    const asked = [...new Set(externalIds)];
    const found = await Promise.all(asked.map((id) => this.accesses.findByExternalId(id)));
    const known = asked.flatMap((externalId, index) => {
      const access = found[index];
      return access ? [toPersonAccess(externalId, access)] : [];
    });
    return { items: known, unknown: asked.filter((_, index) => !found[index]) };
  }
}

function unknownPerson(): DomainError {
  return new DomainError('request.not_found', { detail: 'There is no person with this external id.' });
}

function toPersonAccess(externalId: string, access: AccountAccess): PersonAccessDto {
  const { active, source, until, tier, creditUntil, revision } = access;
  return { externalId, active, source, until, tier, creditUntil, revision };
}

/** The entity tag of an access: it changes as well when access merely runs out. */
export function etagOf(access: PersonAccessDto): string {
  return `"${hash('sha256', JSON.stringify(access), 'base64url').slice(0, 22)}"`;
}
