import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { send } from '../platform/database/sent.js';
import type { Tx } from '../platform/database/tx.js';
import { after, minuteMs } from '../platform/durations.js';
import type { EmailAddress } from '../platform/email-address.js';
import { DomainError } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import { Outbox } from '../platform/outbox.js';
import type { Touch } from '../referral/index.js';
import { Secrets } from '../platform/secrets.js';
import type { ChallengeIssued, SealedCode } from './auth.events.js';
import { openCodesPerAddress } from './sign-in-limits.js';

/** How long a code is good. */
export const codeLifeMs = 10 * minuteMs;
/** How often one code may be tried. */
export const attemptsPerCode = 5;

/** A code on its way to somebody's mailbox. */
export interface Challenge {
  challengeId: string;
  expiresAt: Date;
}

/** Who asks for a code: with which invitation, and in which language. */
export interface Asked {
  email: EmailAddress;
  refCode: string | null;
  locale: string;
  touch: Touch | null;
  /** The keyed hash of the device that asks, where it has proven the address before. */
  device: Buffer | null;
}

/** Makes sign-in codes. Nothing here looks at users, so a known address cannot differ from an unknown one. */
@Injectable()
export class SignInCodes {
  constructor(
    private readonly secrets: Secrets,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes a code for `email`, mailed in the language `locale`, and leaves it to the outbox to be mailed. `refCode` is the invitation it was asked
   * with, kept until the code is used. Older codes of the address stay good.
   * Errors: `auth.too_many` while {@link openCodesPerAddress} of them are open that strangers, or this device, asked for.
   */
  async issue(tx: Tx, { email, refCode, locale, touch, device }: Asked): Promise<Challenge> {
    await this.refuseSixth(tx, email, device);
    const challengeId = newId(this.clock);
    const code = randomInt(1_000_000).toString().padStart(6, '0');
    const now = this.clock.now();
    const expiresAt = after(now, codeLifeMs);
    send(
      tx,
      `INSERT INTO auth.challenge (id, email, code_hash, ref_code, created_at, expires_at, locale, touch, device)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        challengeId,
        email,
        this.secrets.hash('sign_in_code', boundTo(challengeId, code)),
        refCode,
        now,
        expiresAt,
        locale,
        touch === null ? null : JSON.stringify(touch),
        device,
      ],
    );
    const content: SealedCode = { email, code, expiresAt: expiresAt.toISOString(), locale };
    const event: ChallengeIssued = {
      name: 'auth.challenge_issued',
      challengeId,
      sealed: this.secrets.seal('sealed_job', JSON.stringify(content)),
    };
    await this.outbox.publish(tx, event);
    return { challengeId, expiresAt };
  }

  /** The lock comes first and alone: two requests at once would otherwise both count four. */
  private async refuseSixth(tx: Tx, email: EmailAddress, device: Buffer | null): Promise<void> {
    send(tx, `SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`auth.challenge:${email}`]);
    const now = this.clock.now();
    const open: { expires_at: Date }[] = await tx.query(
      `SELECT expires_at FROM auth.challenge
       WHERE email = $1 AND used_at IS NULL AND attempts < $3 AND expires_at > $2 AND device IS NOT DISTINCT FROM $4 ORDER BY expires_at`,
      [email, now, attemptsPerCode, device],
    );
    if (open[0] === undefined || open.length < openCodesPerAddress) return;
    throw new DomainError('auth.too_many', {
      detail: 'Several codes are on their way to this address already. Use the latest one.',
      retryAfterSeconds: Math.ceil((open[0].expires_at.getTime() - now.getTime()) / 1000),
    });
  }
}

/** What is hashed of a code: bound to its challenge, so equal codes have different hashes. */
export function boundTo(challengeId: string, code: string): string {
  return `${challengeId}:${code}`;
}
