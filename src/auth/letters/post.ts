import { Inject, Injectable } from '@nestjs/common';
import { letterOf, SentLetters, type LetterName } from '../../mail/index.js';
import type { Config } from '../../platform/config.js';
import { wordsIn, type Values, type Words } from '../../platform/locale/words.js';
import { CONFIG } from '../../platform/tokens.js';
import type { User } from '../user.js';
import { Users } from '../users.js';
import { LetterChoices, type OptionalLetter } from './letter-choices.js';
import { UnsubscribeLinks } from './unsubscribe-links.js';

/** A letter to write: `id` names the fact that it tells, `fill` what it says in the reader's language. */
export interface Draft {
  id: string;
  name: LetterName;
  fill: (t: Words, reader: User) => Values | Promise<Values>;
  /** Where it goes, if not to the address they sign in with. */
  to?: string;
  /** What kind of letter it is, where people may do without. */
  kind?: OptionalLetter;
}

/** Writes to people, each in their own language, once for each fact, and not what they do not want. */
@Injectable()
export class Post {
  constructor(
    private readonly sent: SentLetters,
    private readonly users: Users,
    private readonly choices: LetterChoices,
    private readonly links: UnsubscribeLinks,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Writes to `userId`, unless they are gone or do not want it. Again: nothing is sent. */
  async write(userId: string, { id, to, name, fill, kind }: Draft): Promise<void> {
    const reader = await this.users.byId(userId);
    if (reader === null) return;
    if (kind !== undefined && !(await this.choices.wanted(userId)).includes(kind)) return;
    const t = wordsIn(reader.locale);
    const values = await fill(t, reader);
    const stop = kind === undefined ? null : this.links.to(userId, kind);
    await this.sent.sendOnce({ id, to: to ?? reader.email, ...letterOf(t, name, values, stop) });
  }

  /** The address of a section of the settings. */
  settingsUrl(section: string): string {
    return `${this.config.baseUrl}/settings#${section}`;
  }

  /** The address of an account itself, also one that was merged; null once erased. */
  async addressOf(userId: string): Promise<string | null> {
    return (await this.users.account(userId))?.email ?? null;
  }

  /** How the inviter sees somebody they invited; null once they are gone. */
  friend(userId: string): Promise<User | null> {
    return this.users.byId(userId);
  }
}

/** A day, as its reader writes it, in their time zone. */
export function dateFor(at: Date, { locale, timeZone }: Pick<User, 'locale' | 'timeZone'>): string {
  const format = (zone: string) =>
    new Intl.DateTimeFormat(wordsIn(locale).locale, { dateStyle: 'long', timeZone: zone }).format(at);
  try {
    return format(timeZone);
  } catch {
    return format('UTC'); // stored zones may be older than this machine's tables
  }
}
