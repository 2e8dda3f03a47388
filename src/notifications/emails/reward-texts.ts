import type { Translate } from '../../platform/i18n/translations.js';

/** Why a reward does not stand, in words. Implemented by referral, bound in app.module.ts. */
export abstract class RewardTexts {
  /** Why it does not stand, a sentence for each reason. */
  abstract reasonText(reasons: readonly string[], t: Translate): string;
  /** What happens next. */
  abstract nextStepText(reasons: readonly string[], t: Translate): string;
  /** Why it stands again, from the reasons that are resolved. */
  abstract resolvedText(reasons: readonly string[], t: Translate): string;
}
