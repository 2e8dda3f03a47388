import { Injectable } from '@nestjs/common';
import { type Asker, Challenges, EmailChange, Profiles } from '../auth/index.js';
import { parseEmail } from '../platform/email-address.js';
import type { Principal } from '../platform/http/principal.js';
import { invalid } from '../platform/http/validation.js';
import { AccountEnd } from '../life/index.js';
import { Backups } from './backups.js';

/** What the forms of the settings page do. */
@Injectable()
export class FormActions {
  constructor(
    readonly profiles: Profiles,
    readonly backups: Backups,
    readonly challenges: Challenges,
    readonly emailChange: EmailChange,
    readonly end: AccountEnd,
  ) {}

  /**
   * Sends a code to the new address and, where the session is not fresh, one to the present address.
   * Errors: `request.invalid` for what is no address; `auth.too_many`.
   */
  async beginEmailChange(
    me: Principal,
    typed: string,
    asker: Asker,
  ): Promise<{ newEmail: string; challengeId: string; currentChallengeId: string | null }> {
    const newEmail = parseEmail(typed);
    if (newEmail === null || newEmail === me.email)
      throw invalid([{ path: 'email', message: 'That is not a new e-mail address. Please look again.' }]);
    const { locale } = me;
    const fresh = await this.emailChange.isFresh(me);
    const { challengeId } = await this.challenges.request({ email: newEmail, ref: null, asker, locale });
    const current = fresh
      ? null
      : await this.challenges.request({ email: me.email, ref: null, asker, locale });
    return { newEmail, challengeId, currentChallengeId: current?.challengeId ?? null };
  }
}
