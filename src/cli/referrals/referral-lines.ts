import {
  AdminReferralsRepository,
  evidenceText,
  type ReferralDto,
  type ReferralUserDto,
} from '../../admin/index.js';
import { Database } from '../../platform/database/database.js';
import { isId } from '../../platform/ids.js';
import { getTranslator } from '../../platform/i18n/translations.js';
import { ReferralService, type FraudFindingDto } from '../../referral/index.js';
import { findUserByEmail } from '../application.js';
import { CommandError, type GetService } from '../command-context.js';

/** The command line speaks English. */
export const english = getTranslator('en');

/**
 * The id of a referral that is named by it, or by the address of the friend. Errors: CommandError
 * for an unknown address, or a person who joined without a code.
 */
export async function findReferralId(get: GetService, text: string): Promise<string> {
  if (isId(text)) return text;
  const { id, email } = await findUserByEmail(get, text);
  const { referredBy } = await get(ReferralService).summarizeReferrals(id);
  if (referredBy === null) throw new CommandError(`${email} joined without a code.`);
  return referredBy.id;
}

/** The referrals that are named, each once. Errors: CommandError as in {@link findReferralId}. */
export async function findReferrals(get: GetService, names: readonly string[]): Promise<ReferralDto[]> {
  const ids: string[] = [];
  for (const name of names) ids.push(await findReferralId(get, name));
  const wanted = [...new Set(ids)];
  const found = await get(AdminReferralsRepository).findInOrder(get(Database), wanted);
  const unknown = wanted.find((id) => !found.some((referral) => referral.id === id));
  if (unknown !== undefined) throw new CommandError(`There is no referral ${unknown}.`);
  return found;
}

/** A person by their address; one who was erased has none. */
export function personText(person: ReferralUserDto | null): string {
  return person?.email ?? 'an erased person';
}

/** Who invited whom. An id only where no address says which referral it is. */
export function sidesText({ id, referrer, referred }: ReferralDto): string {
  const sides = `${personText(referrer)} → ${personText(referred)}`;
  return referred.email === null ? `${sides} (${id})` : sides;
}

/** A referral as a line of a list. */
export function referralLine(referral: ReferralDto): string {
  const { linkedAt, status, days, why, review } = referral;
  const words = [
    linkedAt.toISOString(),
    status.padEnd(9),
    sidesText(referral),
    `${days.referrer} + ${days.referred} days`,
    ...(isWaiting(referral) ? ['waits for a review'] : []),
    ...(review.scheduled === null ? [] : [scheduledText(review.scheduled)]),
    ...(why === null ? [] : [why]),
  ];
  return words.join('  ');
}

function isWaiting({ review: { outcome, decision, scheduled } }: ReferralDto): boolean {
  return outcome === 'review' && decision === null && scheduled === null;
}

/** A decision in the console that is not in force yet. */
export function scheduledText({ decision, takesEffectAt }: NonNullable<ReferralDto['review']['scheduled']>) {
  return `${decision} from ${takesEffectAt.toISOString()} on`;
}

/** What the fraud rules found, a line each. */
export function findingLines(findings: readonly FraudFindingDto[], friendEmail: string | null): string[] {
  if (findings.length === 0) return ['  The fraud rules found nothing.'];
  return findings.map((finding) => {
    const mode = finding.mode === 'shadow' ? ', in shadow: it changes nothing' : '';
    return `  ${evidenceText(english, finding, friendEmail)} (${finding.rule}, weight ${finding.weight}${mode})`;
  });
}
