import { Injectable } from '@nestjs/common';
import { DomainError } from '../../platform/errors.js';
import type { PageQuery, Page } from '../../platform/http/page.dto.js';
import { isId } from '../../platform/ids.js';
import { FraudRepository } from '../fraud/fraud.repository.js';
import { toInviteDto, type InviteRow, type NamedInvite } from '../invites/invite.js';
import { InviteQueries } from '../invites/invite-queries.js';
import { InvitesRepository } from '../invites/invites.repository.js';
import { toTerms } from '../terms/terms.js';
import { type EligibilityInput, eligibilityRules } from './eligibility-rules.js';
import { englishReader, type NoticeReader } from './notice-text.js';
import { PlanNames } from './ports.js';
import { sentenceText } from './sentence.js';
import type {
  FraudFindingDto,
  InviteExplanationDto,
  ReferralExplanationDto,
  RuleExplanationDto,
} from '../invites/invite.dto.js';

type Side = EligibilityInput['side'];

interface ExplanationContext {
  reader?: NoticeReader | undefined;
  findings?: FraudFindingDto[];
  planNames: ReadonlyMap<string, string>;
}

/**
 * Explains why a reward was granted, waits or is refused: to the referrer, to the referred user and
 * to staff.
 */
@Injectable()
export class InviteExplanationService {
  constructor(
    private readonly invites: InvitesRepository,
    private readonly inviteQueries: InviteQueries,
    private readonly fraud: FraudRepository,
    private readonly plans: PlanNames,
  ) {}

  /** An invite of `referrerId`. Errors: `request.not_found`, also for another person's. */
  async explainInvite(referrerId: string, id: string, reader?: NoticeReader): Promise<InviteExplanationDto> {
    const row = isId(id) ? await this.invites.findByReferrer(referrerId, id) : null;
    if (row === null) throw new DomainError('request.not_found');
    return this.toExplanation(row, 'referrer', { reader });
  }

  /** The invites of `referrerId`, newest first, as staff see them. */
  async listForReferrer(
    referrerId: string,
    query: PageQuery,
    reader?: NoticeReader,
  ): Promise<Page<InviteExplanationDto>> {
    const { items, nextCursor } = await this.inviteQueries.findPage(referrerId, query);
    const rows = items.map(({ row }) => row);
    const planNames = await this.findPlanNames(rows, reader);
    const explain = (invite: NamedInvite) =>
      explainRules(toEligibilityInput(invite, 'referrer', { reader, findings: [], planNames }), reader);
    return { items: items.map(explain), nextCursor };
  }

  /** The invitation that `referredId` came with; null for a direct sign-up. */
  async explainInvitation(referredId: string, reader?: NoticeReader): Promise<InviteExplanationDto | null> {
    const row = await this.invites.findByReferred(referredId);
    return row && this.toExplanation(row, 'referred', { reader });
  }

  /**
   * A referral with all that staff may know, and what the programme's rules found. Errors:
   * `request.not_found`.
   */
  async explainReferral(id: string, reader?: NoticeReader): Promise<ReferralExplanationDto> {
    const [row, findings] = await Promise.all([this.invites.findById(id), this.fraud.findFindings(id)]);
    if (row === null) throw new DomainError('request.not_found', { detail: 'No such referral.' });
    const side = row.referrer_id === null ? 'referred' : 'referrer';
    return { ...(await this.toExplanation(row, side, { reader, findings })), findings };
  }

  /** Whose referral this is; null for an unknown one. `referrerId` is null once they are erased. */
  async findSides(id: string): Promise<{ referrerId: string | null; referredId: string } | null> {
    const row = isId(id) ? await this.invites.findById(id) : null;
    return row && { referrerId: row.referrer_id, referredId: row.referred_id };
  }

  private async toExplanation(
    row: InviteRow,
    side: Side,
    explanationContext: Omit<ExplanationContext, 'planNames'>,
  ): Promise<InviteExplanationDto> {
    const userId = side === 'referrer' ? row.referrer_id : row.referred_id;
    const [[invite], planNames] = await Promise.all([
      this.inviteQueries.decide([row], side, userId),
      this.findPlanNames([row], explanationContext.reader),
    ]);
    if (invite === undefined) throw new DomainError('request.not_found');
    const context = { ...explanationContext, planNames };
    return explainRules(toEligibilityInput(invite, side, context), context.reader);
  }

  /** Nothing is asked where every plan counts, or the payment has come. */
  private async findPlanNames(
    rows: readonly InviteRow[],
    { t }: NoticeReader = englishReader,
  ): Promise<ReadonlyMap<string, string>> {
    const isAsked = rows.some((row) => row.converted_at === null && row.qualifying_prices.length > 0);
    return isAsked ? this.plans.list(t) : new Map<string, string>();
  }
}

/** The findings are loaded for staff only, so their presence means staff. */
function toEligibilityInput(
  invite: NamedInvite,
  side: Side,
  { reader = englishReader, findings, planNames }: ExplanationContext,
): EligibilityInput {
  const terms = toTerms(invite.row);
  const plans = new Set(terms.qualifyingPrices.flatMap((price) => planNames.get(price) ?? []));
  return {
    // what a referrer wrote is not for the person it is about
    invite: toInviteDto(invite, side === 'referrer' ? reader : { ...reader, isReferrer: false }),
    row: invite.row,
    notice: invite.notice,
    payment: invite.payment,
    side,
    terms,
    plans: new Intl.ListFormat(reader.t.locale).format(plans),
    forStaff: findings !== undefined,
    findings: findings ?? [],
  };
}

/** Checks a referral by every rule, and explains each. */
function explainRules(input: EligibilityInput, reader: NoticeReader = englishReader): InviteExplanationDto {
  const results = eligibilityRules
    .flatMap((rule) => rule(input) ?? [])
    .map((outcome): RuleExplanationDto => {
      const { rule, result, inputs, at = null, by = null } = outcome;
      const title = reader.t(`explain.rules.${rule}`);
      const explanation =
        'explanation' in outcome
          ? outcome.explanation
          : sentenceText(reader, { key: outcome.messageKey, values: outcome.messageValues });
      return { rule, title, result, inputs, explanation, at, by };
    });
  const unmet = results.filter(({ result }) => result === 'missing' || result === 'waiting');
  return {
    invite: input.invite,
    termsVersion: input.terms.version,
    rules: results,
    missing: unmet.map(({ explanation }) => explanation),
    by: unmet.map(({ by }) => by).find((by) => by !== null) ?? null,
    next: input.invite.nextStep,
  };
}
