import { Injectable } from '@nestjs/common';
import { CreditService } from '../../credit/index.js';
import { Database } from '../../platform/database/database.js';
import { DomainError } from '../../platform/errors.js';
import { keyOfCursor, pageOf, type ListQuery, type Page } from '../../platform/http/list.dto.js';
import { idPattern, isId } from '../../platform/ids.js';
import type { Words } from '../../platform/locale/words.js';
import { RuleBook } from '../fraud/rule-book.js';
import { inviteView, selectInvites, type Earned, type InviteRow } from '../invites/invite-row.js';
import { termsOf } from '../terms/terms.js';
import { explain, type Explanation } from './explain.js';
import type { Finding, InviteCase } from './invite-case.js';

type Row = InviteRow & { referrer_id: string | null; referred_id: string };

type Side = InviteCase['side'];

interface View {
  t?: Words | undefined;
  findings?: Finding[];
}

const select = selectInvites.replace('SELECT t.*,', 'SELECT t.*, r.referrer_id, r.referred_id,');

/** Says why a reward came, waits, or does not come: to whoever shared the code, to whoever came with it, and to staff. */
@Injectable()
export class Explanations {
  constructor(
    private readonly database: Database,
    private readonly credit: CreditService,
    private readonly rules: RuleBook,
  ) {}

  /** An invite of `referrerId`. Errors: `request.not_found`, also for somebody else's. */
  async ofInvite(referrerId: string, id: string, t?: Words): Promise<Explanation> {
    const row = isId(id)
      ? await this.row(`r.referrer_id = ANY(platform.accounts_of($2)) AND r.id = $1`, [id, referrerId])
      : null;
    if (row === null) throw new DomainError('request.not_found');
    return this.explained(row, 'referrer', { t });
  }

  /** The invites of `referrerId`, newest first, as staff see them. */
  async page(referrerId: string, query: ListQuery, t?: Words): Promise<Page<Explanation>> {
    const [rows, earnings] = await Promise.all([
      this.database.query<Row>(
        `${select} WHERE r.referrer_id = ANY(platform.accounts_of($1)) AND ($2::uuid IS NULL OR r.id < $2) ORDER BY r.id DESC LIMIT $3`,
        [referrerId, keyOfCursor(query.cursor, idPattern), query.limit + 1],
      ),
      this.credit.earningsOf(referrerId, 'referrer'),
    ]);
    return pageOf(
      rows,
      query.limit,
      (row) => row.id,
      (row) => explain(caseOf(row, 'referrer', earnings.get(row.id), { t, findings: [] }), t),
    );
  }

  /** The invitation that `referredId` came with; null for a direct sign-up. */
  async ofInvitation(referredId: string, t?: Words): Promise<Explanation | null> {
    const row = await this.row(
      `r.referred_id = ANY(platform.accounts_of($1)) ORDER BY c.id IS NULL, r.closed_at IS NOT NULL, r.id`,
      [referredId],
    );
    return row && this.explained(row, 'referred', { t });
  }

  /** A referral with all that staff may know, and what the programme's rules found. Errors: `request.not_found`. */
  async ofReferral(id: string, t?: Words): Promise<Explanation & { findings: Finding[] }> {
    const [row, findings] = await Promise.all([this.row(`r.id = $1`, [id]), this.rules.findings(id)]);
    if (row === null) throw new DomainError('request.not_found', { detail: 'No such referral.' });
    const side = row.referrer_id === null ? 'referred' : 'referrer';
    return { ...(await this.explained(row, side, { t, findings })), findings };
  }

  private async row(where: string, parameters: string[]): Promise<Row | null> {
    const rows = await this.database.query<Row>(`${select} WHERE ${where}`, parameters);
    return rows[0] ?? null;
  }

  private async explained(row: Row, side: Side, view: View): Promise<Explanation> {
    const userId = side === 'referrer' ? row.referrer_id : row.referred_id;
    const earned = userId === null ? undefined : (await this.credit.earningsOf(userId, side)).get(row.id);
    return explain(caseOf(row, side, earned, view), view.t);
  }
}

/** Staff are told the findings, too, and are known by that. */
function caseOf(row: Row, side: Side, earned: Earned | undefined, { t, findings }: View): InviteCase {
  const invite = inviteView(row, earned, t);
  return {
    ...{ invite, row, side },
    terms: termsOf(row),
    forStaff: findings !== undefined,
    findings: findings ?? [],
  };
}
