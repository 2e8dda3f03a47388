import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AccessReader } from '../accounts/index.js';
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
    if (userId === null)
      throw new DomainError('request.not_found', { detail: 'There is no person with this external id.' });
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
    return this.readAccess(externalId, await this.requireUserId(externalId));
  }

  /** The access of several people, by as many lookups as for one. */
  async listAccess(externalIds: readonly string[]): Promise<PeopleAccessDto> {
    const asked = [...new Set(externalIds)];
    const userIds = await Promise.all(asked.map((id) => this.people.findUserId(id)));
    const known = asked.flatMap((externalId, index) => {
      const userId = userIds[index];
      return userId ? [{ externalId, userId }] : [];
    });
    return {
      items: await Promise.all(known.map(({ externalId, userId }) => this.readAccess(externalId, userId))),
      unknown: asked.filter((_, index) => !userIds[index]),
    };
  }

  private async readAccess(externalId: string, userId: string): Promise<PersonAccessDto> {
    const { active, source, until, tier, creditUntil, revision } = await this.accesses.find(userId);
    return { externalId, active, source, until, tier, creditUntil, revision };
  }
}

/** The entity tag of an access: it changes as well when access merely runs out. */
export function etagOf(access: PersonAccessDto): string {
  return `"${createHash('sha256').update(JSON.stringify(access)).digest('base64url').slice(0, 22)}"`;
}
