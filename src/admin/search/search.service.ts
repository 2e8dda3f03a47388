import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { parseEmail } from '../../platform/email-address.js';
import type { ListRows } from '../../platform/lists/keyset-list.js';
import { newestFirst } from '../../platform/lists/list-request.js';
import { maxCodeLength, ReferralCodes } from '../../referral/index.js';
import { AdminUsersRepository } from '../users/admin-users.repository.js';
import type { AdminUserDto } from '../users/user.dto.js';
import { SearchRepository, type FoundId } from './search.repository.js';

/** What was found: a page to open, or users by address and name, and the owner of a code. */
export type SearchResult =
  | { href: string }
  | { href: null; code: { code: string; userId: string } | null; users: AdminUserDto[]; isMore: boolean };

const usersShown = 10;
/** Shorter parts of addresses are in too many of them. */
const shortestPart = 2;

/** Finds users, codes, referrals, payments and events by what staff have at hand. */
@Injectable()
export class SearchService {
  constructor(
    private readonly ids: SearchRepository,
    private readonly users: AdminUsersRepository,
    private readonly codes: ReferralCodes,
    private readonly database: Database,
  ) {}

  /** An exact id, address or code leads to its page; anything else is looked for. */
  async find(text: string): Promise<SearchResult> {
    const exact = await this.ids.findExact(parseEmail(text) ?? text);
    const href = exact.length === 1 && exact[0] !== undefined ? hrefOf(exact[0]) : null;
    if (href !== null) return { href };
    const [code, found] = await Promise.all([this.findCode(text), this.findUsers(text)]);
    if (code !== null && found.rows.every(({ id }) => id === code.userId))
      return { href: userHref(code.userId) };
    return { href: null, code, users: found.rows, isMore: found.next !== null };
  }

  private async findCode(text: string): Promise<{ code: string; userId: string } | null> {
    if (text.length > maxCodeLength) return null;
    return (await this.codes.stored(this.database, text)) ?? this.codes.findByText(this.database, text);
  }

  private async findUsers(query: string): Promise<Pick<ListRows<AdminUserDto>, 'rows' | 'next'>> {
    if (query.length < shortestPart) return { rows: [], next: null };
    return this.users.list(newestFirst('joined', { query }, undefined), usersShown);
  }
}

function hrefOf({ kind, id, userId }: FoundId): string | null {
  if (kind === 'event') return `/admin/events/${encodeURIComponent(id)}`;
  if (kind === 'referral') return `/admin/referrals/${id}`;
  return userId === null ? null : userHref(userId);
}

function userHref(userId: string): string {
  return `/admin/users/${userId}`;
}
