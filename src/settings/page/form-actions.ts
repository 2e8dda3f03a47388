import { Injectable } from '@nestjs/common';
import { type Requester, ChallengeService, EmailChangeService, ProfileService } from '../../auth/index.js';
import { parseEmail } from '../../platform/email-address.js';
import type { Principal } from '../../platform/security/principal.js';
import { invalidRequest } from '../../platform/http/validation.js';
import { AccountErasure } from '../../accounts/index.js';
import { BackupService } from '../backup/backup.service.js';

/** What the forms of the settings page do. */
@Injectable()
export class FormActions {
  constructor(
    readonly profileService: ProfileService,
    readonly backupService: BackupService,
    readonly challengeService: ChallengeService,
    readonly emailChangeService: EmailChangeService,
    readonly erasure: AccountErasure,
  ) {}

  /**
   * Sends a code to the new address and, where the session is not fresh, one to the present address.
   * Errors: `request.invalid` for what is no address; `auth.too_many`.
   */
  async requestEmailChange(
    me: Principal,
    submittedEmail: string,
    requester: Requester,
  ): Promise<{ newEmail: string; challengeId: string; currentChallengeId: string | null }> {
    const newEmail = parseEmail(submittedEmail);
    if (newEmail === null || newEmail === me.email)
      throw invalidRequest([{ path: 'email', message: 'Please enter a new, valid email address.' }]);
    const { locale } = me;
    const isRecent = await this.emailChangeService.isRecentSignIn(me);
    const { challengeId } = await this.challengeService.requestCode({
      email: newEmail,
      referralCode: null,
      requester,
      locale,
    });
    const current = isRecent
      ? null
      : await this.challengeService.requestCode({ email: me.email, referralCode: null, requester, locale });
    return { newEmail, challengeId, currentChallengeId: current?.challengeId ?? null };
  }
}
