import { Injectable } from '@nestjs/common';
import { CreditService } from '../../credit/index.js';
import { DomainError } from '../../platform/errors.js';
import { decodeCursor, toPage, type PageQuery, type Page } from '../../platform/http/page.dto.js';
import { idPattern, isId } from '../../platform/ids.js';
import { type Translate, fallbackLocale, getTranslator } from '../../platform/i18n/translations.js';
import { FraudRepository } from '../fraud/fraud.repository.js';
import { toInviteDto, type InviteEarnings } from '../invites/invite.js';
import { InvitesRepository, type InviteWithSides } from '../invites/invites.repository.js';
import { toTerms } from '../terms/terms.js';
import { type EligibilityInput, eligibilityRules } from './eligibility-rules.js';
import type {
  FraudFindingDto,
  InviteExplanationDto,
  ReferralExplanationDto,
  RuleExplanationDto,
} from '../invites/invite.dto.js';

type Side = EligibilityInput['side'];

interface ExplanationContext {
  t?: Translate | undefined;
  findings?: FraudFindingDto[];
}

/**
 * Explains why a reward was granted, waits or is refused: to the referrer, to the referred user and
 * to staff.
 */
@Injectable()
export class InviteExplanationService {
  constructor(
    private readonly invites: InvitesRepository,
    private readonly credit: CreditService,
    private readonly fraud: FraudRepository,
  ) {}

  /** An invite of `referrerId`. Errors: `request.not_found`, also for another person's. */
  async explainInvite(referrerId: string, id: string, t?: Translate): Promise<InviteExplanationDto> {
    const row = isId(id) ? await this.invites.findByReferrer(referrerId, id) : null;
    if (row === null) throw new DomainError('request.not_found');
    return this.toExplanation(row, 'referrer', { t });
  }

  /** The invites of `referrerId`, newest first, as staff see them. */
  async listForReferrer(
    referrerId: string,
    query: PageQuery,
    t?: Translate,
  ): Promise<Page<InviteExplanationDto>> {
    const [rows, earnings] = await Promise.all([
      this.invites.findPageWithSides(referrerId, decodeCursor(query.cursor, idPattern), query.limit + 1),
      this.credit.earningsByReferral(referrerId, 'referrer'),
    ]);
    return toPage(
      rows,
      query.limit,
      (row) => row.id,
      (row) =>
        explainRules(toEligibilityInput(row, 'referrer', earnings.get(row.id), { t, findings: [] }), t),
    );
  }

  /** The invitation that `referredId` came with; null for a direct sign-up. */
  async explainInvitation(referredId: string, t?: Translate): Promise<InviteExplanationDto | null> {
    const row = await this.invites.findByReferred(referredId);
    return row && this.toExplanation(row, 'referred', { t });
  }

  /**
   * A referral with all that staff may know, and what the programme's rules found. Errors:
   * `request.not_found`.
   */
  async explainReferral(id: string, t?: Translate): Promise<ReferralExplanationDto> {
    const [row, findings] = await Promise.all([this.invites.findById(id), this.fraud.findFindings(id)]);
    if (row === null) throw new DomainError('request.not_found', { detail: 'No such referral.' });
    const side = row.referrer_id === null ? 'referred' : 'referrer';
    return { ...(await this.toExplanation(row, side, { t, findings })), findings };
  }

  /** Whose referral this is; null for an unknown one. `referrerId` is null once they are erased. */
  async findSides(id: string): Promise<{ referrerId: string | null; referredId: string } | null> {
    const row = isId(id) ? await this.invites.findById(id) : null;
    return row && { referrerId: row.referrer_id, referredId: row.referred_id };
  }

  private async toExplanation(
    row: InviteWithSides,
    side: Side,
    explanationContext: ExplanationContext,
  ): Promise<InviteExplanationDto> {
    const userId = side === 'referrer' ? row.referrer_id : row.referred_id;
    const earned =
      userId === null ? undefined : (await this.credit.earningsByReferral(userId, side)).get(row.id);
    return explainRules(toEligibilityInput(row, side, earned, explanationContext), explanationContext.t);
  }
}

/** The findings are loaded for staff only, so their presence means staff. */
function toEligibilityInput(
  row: InviteWithSides,
  side: Side,
  earned: InviteEarnings | undefined,
  { t, findings }: ExplanationContext,
): EligibilityInput {
  const invite = toInviteDto(row, earned, t);
  return {
    ...{ invite, row, side },
    terms: toTerms(row),
    forStaff: findings !== undefined,
    findings: findings ?? [],
  };
}

/** Checks a referral by every rule, and explains each. */
export function explainRules(
  input: EligibilityInput,
  t: Translate = getTranslator(fallbackLocale),
): InviteExplanationDto {
  const results = eligibilityRules
    .flatMap((rule) => rule(input) ?? [])
    .map(({ rule, result, inputs, messageKey, messageValues, at = null, by = null }): RuleExplanationDto => {
      const title = t(`explain.rules.${rule}`);
      return { rule, title, result, inputs, explanation: t(messageKey, messageValues), at, by };
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
