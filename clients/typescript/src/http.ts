import { errorOf, TwofoldError } from './errors.js';
import type { paths } from './generated/api.js';
import { version } from './version.js';

/** How to reach Twofold. */
export interface TwofoldOptions {
  /** Where Twofold runs, such as `https://twofold.example`. */
  baseUrl: string;
  /** `tfk_…`, of `npx twofold api-keys create`. It belongs on servers only. */
  apiKey: string;
  /** How long one attempt may take; 10,000 by default. */
  timeoutMs?: number | undefined;
  /** How often a call is repeated that failed for a passing reason; 3 by default. */
  maxRetries?: number | undefined;
  /** Another `fetch`, such as one that goes through a proxy. */
  fetch?: typeof fetch | undefined;
}

/** What every call takes besides. */
export interface CallOptions {
  /** Ends the call, its retries and its pages; it rejects with the reason of the signal. */
  signal?: AbortSignal | undefined;
  timeoutMs?: number | undefined;
  maxRetries?: number | undefined;
}

/** Options of a call that does its work once for each key. */
export interface OnceOptions extends CallOptions {
  /** The same key answers the first result again for two days; made for each call by default. */
  idempotencyKey?: string | undefined;
}

type Method = 'get' | 'put' | 'post' | 'patch' | 'delete';
type PathsWith<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, { responses: object }> ? P : never;
}[keyof paths];
type OperationOf<M extends Method, P extends PathsWith<M>> = paths[P] extends Record<M, infer O> ? O : never;

type Json<T> = T extends { content: { 'application/json': infer B } } ? B : never;
type Success<O> = O extends { responses: infer R } ? Json<R[keyof R & (200 | 201 | 202)]> : never;
type BodyOf<O> = O extends { requestBody?: infer B } ? Json<NonNullable<B>> : never;
type PathOf<O> = O extends { parameters: { path: infer P } } ? P : undefined;
type QueryOf<O> = O extends { parameters: { query?: infer Q } } ? Q : undefined;

type Request<O> = {
  path?: PathOf<O>;
  query?: QueryOf<O>;
  body?: BodyOf<O>;
  headers?: Record<string, string>;
  /** Whether sending it twice does no more than once. By default what HTTP says of the method. */
  isRepeatable?: boolean;
  options: CallOptions | undefined;
};

/** A request with its address made up. */
interface PreparedRequest {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body: BodyInit | undefined;
  isRepeatable: boolean;
}

/** Sends requests: their headers, timeouts and retries. */
export class Http {
  private readonly base: string;
  private readonly options: Required<Pick<TwofoldOptions, 'apiKey' | 'timeoutMs' | 'maxRetries'>>;
  private readonly fetch: typeof fetch;

  constructor(options: TwofoldOptions) {
    const { baseUrl, apiKey, timeoutMs = 10_000, maxRetries = 3 } = options;
    if (typeof baseUrl !== 'string' || !URL.canParse(baseUrl) || !/^https?:/.test(baseUrl))
      throw new TypeError('baseUrl is where Twofold runs, such as https://twofold.example');
    if (typeof apiKey !== 'string' || !/^tfk_[\x21-\x7e]+$/.test(apiKey))
      throw new TypeError('apiKey is a key that begins with tfk_; npx twofold api-keys create makes one');
    this.base = baseUrl.replace(/\/+$/, '');
    this.options = { apiKey, timeoutMs, maxRetries };
    this.fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  }

  /** Calls an operation of the API; answers what it answers. Errors: {@link TwofoldError}. */
  async call<M extends Method, P extends PathsWith<M>>(
    method: M,
    path: P,
    request: Request<OperationOf<M, P>>,
  ): Promise<Success<OperationOf<M, P>>> {
    const response = await this.respond(method, path, request);
    return (response.status === 204 ? undefined : await response.json()) as Success<OperationOf<M, P>>;
  }

  /** As {@link call}; answers the response itself, whose body has been read. */
  async respond<M extends Method, P extends PathsWith<M>>(
    method: M,
    path: P,
    request: Request<OperationOf<M, P>>,
  ): Promise<Response> {
    const { query, body, headers, isRepeatable, options } = request;
    const parameters = request.path as Record<string, string> | undefined;
    const prepared = {
      method: method.toUpperCase(),
      url: this.url(path, parameters, query as Query | undefined),
      headers: {
        authorization: `Bearer ${this.options.apiKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      isRepeatable: isRepeatable ?? ['get', 'put', 'delete'].includes(method),
    };
    return this.send(prepared, options);
  }

  /** Sends a body as it is to an address outside of the API, without the key. */
  async forward<T>(
    path: string,
    body: string | Uint8Array,
    headers: Record<string, string>,
    options: CallOptions | undefined,
  ): Promise<T> {
    const url = this.url(path);
    const prepared = { method: 'POST', url, headers, body: body as BodyInit, isRepeatable: true };
    return (await (await this.send(prepared, options)).json()) as T;
  }

  private async send(request: PreparedRequest, options: CallOptions = {}): Promise<Response> {
    const { signal, maxRetries = this.options.maxRetries } = options;
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.attempt(request, options);
      } catch (error) {
        if (!(error instanceof TwofoldError)) throw error;
        // an earlier attempt has deleted it, though its answer was lost
        if (attempt > 0 && request.method === 'DELETE' && error.status === 404)
          return new Response(null, { status: 204 });
        const delay = delayBefore(attempt, error);
        if (!request.isRepeatable || attempt >= maxRetries || delay === null) throw error;
        await pause(delay, signal);
      }
    }
  }

  private async attempt(request: PreparedRequest, options: CallOptions): Promise<Response> {
    const { timeoutMs = this.options.timeoutMs, signal } = options;
    signal?.throwIfAborted();
    const end = new AbortController();
    const forwardAbort = () => end.abort(signal?.reason);
    signal?.addEventListener('abort', forwardAbort, { once: true });
    const timer = setTimeout(() => end.abort(timedOut), timeoutMs);
    const { method, url, headers, body } = request;
    try {
      const response = await this.fetch(url, {
        method,
        headers: { accept: 'application/json', 'user-agent': `twofold-client/${version}`, ...headers },
        ...(body === undefined ? {} : { body }),
        redirect: 'manual',
        signal: end.signal,
      });
      if (response.status === 304 || response.status === 204) return response;
      if (!response.ok) throw await errorOf(response);
      return await readWhole(response);
    } catch (error) {
      if (error instanceof TwofoldError) throw error;
      if (signal?.aborted === true) throw signal.reason;
      throw end.signal.aborted ? timeoutError(request, timeoutMs, error) : unreachable(request, error);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', forwardAbort);
    }
  }

  private url(template: string, path: Record<string, string> = {}, query: Query = {}): URL {
    const filled = template.replace(/\{(\w+)\}/g, (_, name: string) => segment(name, path[name]));
    const url = new URL(this.base + filled);
    for (const [name, value] of Object.entries(query))
      for (const one of [value].flat())
        if (one !== undefined && one !== null) url.searchParams.append(name, String(one));
    return url;
  }
}

type QueryValue = string | number | boolean | null | undefined;
type Query = Record<string, QueryValue | QueryValue[]>;

/** An id in a path. Without one, or as `.` or `..`, the request would go to another route. */
function segment(name: string, value: string | undefined): string {
  if (typeof value !== 'string' || value === '' || /^\.\.?$/.test(value))
    throw new TypeError(`${name} is a text of at least one character, and not . or ..`);
  return encodeURIComponent(value);
}

/** The response with its body read, so that the timeout holds for the body, too. */
async function readWhole(response: Response): Promise<Response> {
  const text = await response.text();
  const { status, headers } = response;
  try {
    JSON.parse(text);
  } catch {
    throw await errorOf(new Response(text, { status, headers }));
  }
  return new Response(text, { status, headers });
}

const timedOut = Symbol('timed out');

function timeoutError({ method, url }: PreparedRequest, timeoutMs: number, cause: unknown): TwofoldError {
  const detail = `${method} ${url.pathname} was not answered within ${timeoutMs} ms`;
  return new TwofoldError({ status: 0, code: 'client.timeout', detail }, { cause });
}

function unreachable({ method, url }: PreparedRequest, cause: unknown): TwofoldError {
  const detail = `${method} ${url.pathname}: ${url.origin} cannot be reached (${reasonOf(cause)})`;
  return new TwofoldError({ status: 0, code: 'client.unreachable', detail }, { cause });
}

/** Why `fetch` failed: Node says so in the cause, as a code. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error as { cause?: { code?: string } };
  return cause?.code ?? error.message;
}

const firstDelayMs = 300;
const maxDelayMs = 8_000;
/** A limit of the API is over within a minute; a call is not held up for longer. */
const maxRetryAfterSeconds = 60;

/** How long to wait before the next attempt; null where another one would change nothing. */
function delayBefore(attempt: number, { status, retryAfterSeconds }: TwofoldError): number | null {
  const isPassing = status === 0 || status === 408 || status === 429 || (status >= 500 && status !== 501);
  if (!isPassing || (retryAfterSeconds ?? 0) > maxRetryAfterSeconds) return null;
  const backoff = Math.min(maxDelayMs, firstDelayMs * 2 ** attempt);
  // between half and all of it, so that many clients do not return at once
  const jitter = backoff * (0.5 + Math.random() / 2);
  return (retryAfterSeconds ?? 0) * 1000 + jitter;
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', end);
      resolve();
    }, ms);
    if (signal?.aborted === true) end();
    else signal?.addEventListener('abort', end, { once: true });
  });
}
