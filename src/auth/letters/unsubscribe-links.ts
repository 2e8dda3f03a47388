import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../../platform/config.js';
import { isId } from '../../platform/ids.js';
import { Secrets } from '../../platform/secrets.js';
import { CONFIG } from '../../platform/tokens.js';
import { optionalLetters, type OptionalLetter } from './letter-choices.js';

/** Links that stop one kind of letter to one person, and do nothing else; they work without signing in. */
@Injectable()
export class UnsubscribeLinks {
  constructor(
    private readonly secrets: Secrets,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The link for letters of `kind` to `userId`. */
  to(userId: string, kind: OptionalLetter): string {
    return `${this.config.baseUrl}/unsubscribe/${this.secrets.sign('unsubscribe', `${userId}:${kind}`)}`;
  }

  /** Whom and what a link is about; null for one that we did not make. */
  read(token: string): { userId: string; kind: OptionalLetter } | null {
    const [userId = '', wanted] = this.secrets.unsign('unsubscribe', token)?.split(':') ?? [];
    const kind = optionalLetters.find((own) => own === wanted);
    return isId(userId) && kind !== undefined ? { userId, kind } : null;
  }
}
