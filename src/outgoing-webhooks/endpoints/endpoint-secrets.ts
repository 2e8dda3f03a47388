import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Secrets } from '../../platform/security/secrets.js';

/** The sealed secrets of an endpoint. */
export interface SealedSecrets {
  secret: string;
  previousSecret: string | null;
  previousSecretUntil: Date | null;
}

/** Makes, seals and opens the secrets that sign webhooks. */
@Injectable()
export class EndpointSecrets {
  constructor(
    private readonly secrets: Secrets,
    private readonly clock: Clock,
  ) {}

  /** A new secret, to be shown once, and what is stored of it. */
  create(): { secret: string; sealed: string } {
    const secret = `whsec_${randomBytes(32).toString('base64')}`;
    return { secret, sealed: this.secrets.seal('webhook_secret', secret) };
  }

  /** The secrets that sign now, the newest first. Errors: where no SECRET_KEY opens the newest. */
  open({ secret, previousSecret, previousSecretUntil }: SealedSecrets): string[] {
    const newest = this.secrets.open('webhook_secret', secret);
    if (newest === null)
      throw new Error('No SECRET_KEY can decrypt the secret of this webhook endpoint: rotate it');
    const isPreviousValid = previousSecretUntil !== null && previousSecretUntil > this.clock.now();
    if (previousSecret === null || !isPreviousValid) return [newest];
    const previous = this.secrets.open('webhook_secret', previousSecret);
    return previous === null ? [newest] : [newest, previous];
  }
}
