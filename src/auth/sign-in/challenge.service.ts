import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { SealedSignInCode } from '../../notifications/index.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';
import { addMs, minuteMs, secondMs } from '../../platform/durations.js';
import type { EmailAddress } from '../../platform/email-address.js';
import { DomainError } from '../../platform/errors.js';
import { isId, newId } from '../../platform/ids.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { Secrets } from '../../platform/security/secrets.js';
import type { CampaignParams } from '../../referral/index.js';
import type { ChallengeIssued } from '../auth.events.js';
import { InvitationService, type Invitation } from '../invitations/invitation.service.js';
import type { ChallengeEntity } from './challenge.entity.js';
import { ChallengesRepository } from './challenges.repository.js';
import type { Requester } from './requester.js';
import { SignInLimits, maxOpenCodesPerAddress } from './sign-in-limits.js';
import { TrustedDevices } from './trusted-devices.js';

/** As long, a form that is sent twice is one request for a code. */
const repeatedWithinMs = 30 * secondMs;

/** How long a code is valid. */
export const codeLifetimeMs = 10 * minuteMs;

/** A code on its way to a person's mailbox. */
export interface Challenge {
  challengeId: string;
  expiresAt: Date;
}

/** Who asks for a code: with which invitation, and in which language. */
export interface SignInCodeParams {
  email: EmailAddress;
  invitedBy: Pick<Invitation, 'code' | 'name' | 'referrerId'> | null;
  locale: string;
  campaign: CampaignParams | null;
  /** The keyed hash of the device that asks, where it has proven the address before. */
  trustedDeviceHash: Buffer | null;
  /** The id that a form carries, so that a double click sends one email. */
  formId: string | null;
}

/**
 * Makes sign-in codes. Nothing here checks users, so a known address cannot differ from an unknown
 * one.
 */
@Injectable()
export class SignInCodes {
  constructor(
    private readonly challenges: ChallengesRepository,
    private readonly secrets: Secrets,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes a code for `email`, mailed in the language `locale`, and leaves it to the outbox to be
   * mailed. `invitedBy` is the invitation it was asked with, kept until the code is used. Older
   * codes of the address stay valid. Idempotent: the same form for 30 seconds.
   * Errors: `auth.too_many` while {@link maxOpenCodesPerAddress} of them are open that anonymous
   * visitors, or this device, asked for.
   */
  async issue(
    tx: Tx,
    { email, invitedBy, locale, campaign, trustedDeviceHash, formId }: SignInCodeParams,
  ): Promise<Challenge> {
    this.challenges.lockEmail(tx, email);
    const known = formId === null ? null : await this.findByForm(tx, formId);
    const now = this.clock.now();
    if (known !== null && known.email === email && known.createdAt > addMs(now, -repeatedWithinMs))
      return { challengeId: known.id, expiresAt: known.expiresAt };
    await this.enforceMaxOpenCodes(tx, email, trustedDeviceHash);
    const challengeId = known === null && formId !== null ? formId : newId(this.clock);
    const code = randomInt(1_000_000).toString().padStart(6, '0');
    const expiresAt = addMs(now, codeLifetimeMs);
    this.challenges.insert(tx, {
      ...{ id: challengeId, email, locale, campaign, trustedDeviceHash },
      referralCode: invitedBy?.code ?? null,
      codeHash: this.secrets.hash('sign_in_code', codeHashInput(challengeId, code)),
      ...{ createdAt: now, expiresAt },
    });
    const content: SealedSignInCode = {
      email,
      code,
      expiresAt: expiresAt.toISOString(),
      validMinutes: codeLifetimeMs / minuteMs,
      locale,
      invitation: invitedBy && { referrerId: invitedBy.referrerId, name: invitedBy.name },
    };
    const event: ChallengeIssued = {
      name: 'auth.challenge_issued',
      challengeId,
      sealed: this.secrets.seal('sealed_event', JSON.stringify(content)),
    };
    this.outbox.publish(tx, event);
    return { challengeId, expiresAt };
  }

  /** A new id. */
  newChallengeId(): string {
    return newId(this.clock);
  }

  private findByForm(tx: Tx, formId: string): Promise<ChallengeEntity | null> {
    this.challenges.lockId(tx, formId);
    return this.challenges.findById(tx, formId);
  }

  /** Under the lock of the address: two requests at once would otherwise both count four. */
  private async enforceMaxOpenCodes(tx: Tx, email: EmailAddress, device: Buffer | null): Promise<void> {
    const expiries = await this.challenges.findOpenExpiries(tx, email, device);
    const [first] = expiries;
    if (first === undefined || expiries.length < maxOpenCodesPerAddress) return;
    throw new DomainError('auth.too_many', {
      text: { key: 'login.problem.tooManyCodes' },
      retryAfterSeconds: Math.ceil((first.getTime() - this.clock.now().getTime()) / 1000),
    });
  }
}

/** What is hashed of a code: bound to its challenge, so equal codes have different hashes. */
export function codeHashInput(challengeId: string, code: string): string {
  return `${challengeId}:${code}`;
}

/**
 * A request for a code. `referralCode` is as it was typed; `requester` is who asks; `locale` is the
 * language of the email.
 */
export interface CodeRequest {
  email: EmailAddress;
  referralCode: string | null;
  requester: Requester;
  locale: string;
  campaign?: CampaignParams | null;
  /** The id that a form carries; see {@link ChallengeService.newFormId}. */
  formId?: string;
}

/** Answers requests for codes. */
@Injectable()
export class ChallengeService {
  constructor(
    private readonly limits: SignInLimits,
    private readonly invitationService: InvitationService,
    private readonly codes: SignInCodes,
    private readonly database: Database,
    private readonly trustedDevices: TrustedDevices,
  ) {}

  /** An id for a form that requests a code: sent twice within seconds, it sends one email. */
  newFormId(): string {
    return this.codes.newChallengeId();
  }

  /**
   * Requests a code and returns the invitation, if any. The answer is the same for every address.
   * The invitation is stored here, so that opening the email on another device keeps it.
   * Errors: `auth.too_many`.
   */
  async requestCode({
    email,
    referralCode,
    requester,
    locale,
    campaign = null,
    formId = '',
  }: CodeRequest): Promise<Challenge & { invitedBy: Invitation | null }> {
    const device = this.trustedDevices.findDevice(requester, email);
    return this.limits.limitRequest({ email, ip: requester.ip, device }, async () => {
      const invitedBy = referralCode === null ? null : await this.invitationService.findByCode(referralCode);
      const challenge = await this.database.transaction((tx) =>
        this.codes.issue(tx, {
          email,
          invitedBy,
          locale,
          campaign,
          trustedDeviceHash: device,
          formId: isId(formId) ? formId : null,
        }),
      );
      return { ...challenge, invitedBy };
    });
  }
}
