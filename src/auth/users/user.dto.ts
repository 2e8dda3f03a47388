import { ApiId } from '../../platform/http/openapi/api-fields.js';
import type { Role } from '../../platform/security/principal.js';
import type { User } from './users.repository.js';

/** A user as their owner sees them. */
export class UserDto {
  @ApiId()
  id: string;

  /** @example anna@example.com */
  email: string;

  /** How invitations name this user; null: without a name. */
  displayName: string | null;

  /**
   * The language (BCP 47).
   * @example en
   */
  locale: string;

  /**
   * The time zone (IANA).
   * @example Europe/Vienna
   */
  timeZone: string;

  role: Role;
  createdAt: Date;
}

/** The fields of a user that leave the server. */
export function toUserDto(user: User): UserDto {
  const { id, email, displayName, locale, timeZone, role, createdAt } = user;
  return { id, email, displayName, locale, timeZone, role, createdAt };
}
