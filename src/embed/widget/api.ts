/** What the widget shows of `GET /referral`. */
export interface Referral {
  code: string;
  link: string;
  /** By channel; a server of an earlier version has none, and no text. */
  channelLinks?: { channel: string; link: string }[];
  shareText?: string;
  daysOnAccount: number;
  counts: { invited: number };
  paused: boolean;
  reward: string;
  /** Why the days are not all extra time; a server of an earlier version has none. */
  creditWorth?: string | null;
  /** The invitation that the person came with; a server of an earlier version has none. */
  invitation?: { invitedBy: { label: string } | null; reward: Reward } | null;
}

/** The link that says how it was shared, as far as the server knows one. */
export function linkBy(channel: 'copy' | 'share', { link, channelLinks }: Referral): string {
  return channelLinks?.find((own) => own.channel === channel)?.link ?? link;
}

/** What a person is shown of a reward, in words. */
export interface Reward {
  status: 'promised' | 'held' | 'in_review' | 'credited' | 'suspended' | 'taken_back' | 'none';
  text: string;
  /** What promised days are worth; a server of an earlier version has none. */
  worth?: string | null;
  why: string | null;
  next: string | null;
}

/** What it shows of an invite. */
export interface Invite {
  id: string;
  label: string;
  invitedAt: string;
  convertedAt: string | null;
  daysEarned: number;
  reward: Reward;
}

/** One page of `GET /referral/invites`. */
export interface InvitePage {
  items: Invite[];
  nextCursor: string | null;
}

/** All that the widget shows of a person. */
export interface PersonData {
  referral: Referral;
  invites: InvitePage;
  credit: { until: string | null };
}

/** A request that failed. `code` is that of the problem document, where there is one. */
export class RequestError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(`${code} (${status})`);
  }
}

interface Token {
  token: string;
  expiresAt: string;
}

/** A token is replaced before its last minute, so that no request meets its end. */
const marginMs = 60_000;

/** Calls Twofold with a token that the host's server gives, and asks for a new one in time. */
export class Api {
  private token: Promise<Token> | null = null;

  constructor(
    private readonly baseUrl: string,
    private readonly tokenUrl: string,
    private readonly locale: string,
  ) {}

  /** All that is shown. Errors: {@link RequestError}. */
  async load(): Promise<PersonData> {
    const [referral, invites, credit] = await Promise.all([
      this.call<Referral>('/referral'),
      this.loadInvites(),
      this.call<PersonData['credit']>('/credit'),
    ]);
    return { referral, invites, credit };
  }

  /** A page of invites, newest first. */
  loadInvites(cursor?: string): Promise<InvitePage> {
    return this.call(`/referral/invites?limit=5${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
  }

  /** Gives the person another code, or a random one for an empty text. */
  async changeCode(code: string): Promise<void> {
    await this.call('/referral/code', {
      method: 'PUT',
      body: JSON.stringify(code === '' ? {} : { code }),
      headers: { 'content-type': 'application/json' },
    });
  }

  /** A token that has ended meanwhile is replaced once. */
  private async call<T>(path: string, init: RequestInit = {}): Promise<T> {
    const { token } = await this.currentToken();
    try {
      return await this.send<T>(token, path, init);
    } catch (error) {
      if (!(error instanceof RequestError) || error.code !== 'auth.token_refused') throw error;
      const { token: newer } = await this.currentToken(token);
      return this.send<T>(newer, path, init);
    }
  }

  private async send<T>(token: string, path: string, init: RequestInit): Promise<T> {
    return readJson<T>(
      await fetch(`${this.baseUrl}/api/v1${path}`, {
        ...init,
        credentials: 'omit',
        cache: 'no-store',
        headers: {
          ...init.headers,
          authorization: `Bearer ${token}`,
          'accept-language': this.locale,
        },
      }),
    );
  }

  /** A token that is valid and not `refused`. Requests that come at once wait for one. */
  private async currentToken(refused?: string): Promise<Token> {
    const pending = (this.token ??= this.requestToken());
    try {
      const token = await pending;
      if (token.token !== refused && Date.parse(token.expiresAt) - Date.now() > marginMs) return token;
    } catch (error) {
      if (this.token === pending) this.token = null;
      throw error;
    }
    if (this.token === pending) this.token = this.requestToken();
    return this.token ?? this.currentToken(refused);
  }

  private async requestToken(): Promise<Token> {
    const headers = { accept: 'application/json' };
    return readJson<Token>(
      await fetch(this.tokenUrl, { method: 'POST', credentials: 'same-origin', cache: 'no-store', headers }),
    );
  }
}

async function readJson<T>(answer: Response): Promise<T> {
  const body = (await answer.json().catch(() => ({}))) as T & { code?: unknown };
  if (!answer.ok) throw new RequestError(answer.status, String(body.code ?? 'request.failed'));
  return body;
}
