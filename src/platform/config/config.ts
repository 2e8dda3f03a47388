import { createPublicKey } from 'node:crypto';
import { resolve } from 'node:path';
import type { CircuitLimits } from '../circuit-breaker.js';
import { parseHosts } from '../database/driver/primary-finder.js';
import { parseDomain, parseEmail } from '../email-address.js';
import { parseNetwork } from '../networks.js';
import { parseOrigin } from '../origin.js';
import { isColour } from '../ui/brand-colours.js';
import { readLogo, type BrandLogo } from './brand-logo.js';
import { clientTimeouts, type ClientTimeouts } from '../http/client-timeouts.js';
import { readSecretFiles } from './secret-files.js';
import type { VariableName } from './variables.js';

/**
 * Everything that can be set from outside, read once at start. Names and meanings:
 * docs/configuration.md.
 */
export interface Config {
  production: boolean;
  port: number;
  host: string;
  /**
   * How wrong the clock of this process is, for tests of what a wrong clock does; never in
   * production.
   */
  clockOffsetMs: number;
  baseUrl: string;
  databaseUrl: string | null;
  /** A standby for numbers that may be some seconds late; null: they are read where all else is. */
  databaseReadUrl: string | null;
  dataDir: string;
  databasePoolMax: number;
  /** How many deliveries of Stripe are applied at the same time. */
  webhookConcurrency: number;
  role: 'web' | 'worker' | 'all';
  secretKeys: string[];
  /** They sign and authenticate nothing any more, but recognise the hashes that they made. */
  retiredSecretKeys: string[];
  smtpUrl: string | null;
  mailFrom: string;
  adminEmails: string[];
  /** Domains that count as disposable besides those that are known everywhere. */
  disposableDomains: string[];
  stripeSecretKey: string | null;
  stripeWebhookSecrets: string[];
  stripeApiBase: string | null;
  /** None: the route of this processor’s webhooks is closed. */
  paddleWebhookSecrets: string[];
  lemonSqueezyWebhookSecrets: string[];
  stripePaidPrices: string[];
  /**
   * How long one call to Stripe may take with all its tries, and when calls pause. Not set by a
   * variable.
   */
  stripeLimits: CircuitLimits & { timeoutMs: number };
  /** How long clients of the server may take. Not set by a variable. */
  clientTimeouts: ClientTimeouts;
  /**
   * Where the local Stripe sandbox shows itself; null outside of local mode. Not set by a variable.
   */
  sandboxUrl: string | null;
  /** Secrets that sign SSO links, shared with the other product. */
  ssoSecrets: string[];
  /** Where the other product publishes the keys that sign its SSO links. */
  ssoJwksUrl: string | null;
  ssoIssuer: string | null;
  referralCreditDays: number;
  creditDelivery: 'overlay' | 'after_paid_period' | 'defer_billing';
  trustProxy: string | null;
  corsOrigins: string[];
  /** Where referral links lead; `{code}` stands for the code. */
  linkTarget: string;
  /** Origins besides our own that Stripe's pages may lead back to. */
  returnOrigins: string[];
  /** How people know the product that this is a part of. */
  productName: string;
  productUrl: string | null;
  supportEmail: string | null;
  brandLogo: BrandLogo | null;
  /** Such as `#0b6250`. */
  brandColour: string | null;
  /** Which emails Twofold sends: all, those that concern security, or none. */
  emails: 'on' | 'security' | 'off';
  signInLimitFactor: number;
  /** How old a sign-in may be for what only admins do. */
  recentSignInHours: number;
  /** How long staff can undo a decision about a referral in the console. */
  reviewUndoMinutes: number;
  /** Whether staff must have a second factor before anything of the console. */
  staffSecondFactor: 'required' | 'optional';
  programme: 'on' | 'paused';
  logLevel: string;
  /** Lets Prometheus read /metrics from another machine; null: only from this one. */
  metricsToken: string | null;
  /** Where traces are sent; null: nowhere. */
  otlpEndpoint: string | null;
  /**
   * How long a process that is shutting down says so at /health/ready before it stops accepting.
   */
  shutdownDelayMs: number;
  /** Networks (CIDR) that webhooks may be sent to although they are not public. */
  webhookAllowNetworks: string[];
  /** How long the receiver of a webhook may take in all. Not set by a variable. */
  webhookTimeoutMs: number;
  /** For how long the content of events is kept: Stripe's, and those for other products. */
  eventRetentionDays: number;
}

/**
 * The environment does not make sense; `message` names every wrong variable and what it should be.
 */
export class ConfigError extends Error {
  constructor(readonly problems: string[]) {
    super(`The environment is not valid:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

const loopbackHosts = new Set(['127.0.0.1', '::1', 'localhost']);
/** The ways of CREDIT_DELIVERY. */
export const creditDeliveries = ['overlay', 'after_paid_period', 'defer_billing'] as const;
const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/**
 * Reads and checks the environment.
 * Errors: {@link ConfigError} with every problem at once.
 */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const files = readSecretFiles(env);
  const reader = new EnvReader(files.env, files.problems);
  const production = reader.text('NODE_ENV') === 'production';
  const port = reader.integer('PORT', 3000, 0, 65535);
  const host = reader.text('HOST') ?? '127.0.0.1';
  const baseUrl = (reader.url('BASE_URL', ['http:', 'https:']) ?? defaultBaseUrl(host, port)).replace(
    /\/+$/,
    '',
  );
  const productName = reader.productName('PRODUCT_NAME');
  const config: Config = {
    production,
    port,
    host,
    clockOffsetMs: 1000 * reader.integer('CLOCK_OFFSET_SECONDS', 0, -86_400, 86_400),
    baseUrl,
    databaseUrl: reader.databaseUrl('DATABASE_URL'),
    databaseReadUrl: reader.databaseUrl('DATABASE_READ_URL'),
    dataDir: resolve(reader.text('DATA_DIR') ?? '.data'),
    databasePoolMax: reader.integer('DATABASE_POOL_MAX', 20, 2, 1000),
    webhookConcurrency: reader.integer('WEBHOOK_CONCURRENCY', 5, 1, 500),
    role: reader.choice('ROLE', ['all', 'web', 'worker'], 'all'),
    secretKeys: reader.list('SECRET_KEY'),
    retiredSecretKeys: reader.list('SECRET_KEY_RETIRED'),
    smtpUrl: reader.url('SMTP_URL', ['smtp:', 'smtps:']),
    mailFrom: reader.text('MAIL_FROM') ?? `${productName} <twofold@localhost>`,
    adminEmails: reader.parsedList('ADMIN_EMAILS', parseEmail, 'e-mail addresses'),
    disposableDomains: reader.parsedList('DISPOSABLE_EMAIL_DOMAINS', parseDomain, 'domains'),
    stripeSecretKey: reader.text('STRIPE_SECRET_KEY'),
    stripeWebhookSecrets: reader.list('STRIPE_WEBHOOK_SECRET'),
    paddleWebhookSecrets: reader.list('PADDLE_WEBHOOK_SECRET'),
    lemonSqueezyWebhookSecrets: reader.list('LEMON_SQUEEZY_WEBHOOK_SECRET'),
    stripeApiBase: reader.url('STRIPE_API_BASE', ['http:', 'https:']),
    stripePaidPrices: reader.list('STRIPE_PAID_PRICES'),
    stripeLimits: { timeoutMs: 10_000, failuresUntilOpen: 5, firstPauseMs: 2_000, longestPauseMs: 30_000 },
    clientTimeouts,
    sandboxUrl: null,
    ssoSecrets: reader.list('SSO_SECRET'),
    ssoJwksUrl: reader.url('SSO_JWKS_URL', ['https:', 'http:']),
    ssoIssuer: reader.text('SSO_ISSUER'),
    referralCreditDays: reader.integer('REFERRAL_CREDIT_DAYS', 45, 1, 3650),
    creditDelivery: reader.choice('CREDIT_DELIVERY', creditDeliveries, 'overlay'),
    trustProxy: reader.text('TRUST_PROXY'),
    corsOrigins: reader.list('CORS_ORIGINS'),
    linkTarget: reader.linkTarget('LINK_TARGET') ?? `${baseUrl}/r/{code}`,
    returnOrigins: reader.parsedList('RETURN_URLS', parseOrigin, 'origins like https://app.example'),
    productName,
    productUrl: reader.url('PRODUCT_URL', ['https:', 'http:']),
    supportEmail: reader.parsed('SUPPORT_EMAIL', parseEmail, 'an e-mail address'),
    brandLogo: reader.logo('BRAND_LOGO'),
    brandColour: reader.parsed(
      'BRAND_COLOUR',
      (text) => (isColour(text) ? text : null),
      'a colour like #0b6250',
    ),
    emails: reader.choice('EMAILS', ['on', 'security', 'off'], 'on'),
    signInLimitFactor: reader.integer('SIGN_IN_LIMIT_FACTOR', 1, 1, 1_000_000),
    recentSignInHours: reader.integer('FRESH_SIGN_IN_HOURS', 12, 1, 1_000_000),
    reviewUndoMinutes: reader.integer('REVIEW_UNDO_MINUTES', 10, 1, 1440),
    staffSecondFactor: reader.choice('STAFF_SECOND_FACTOR', ['required', 'optional'], 'optional'),
    programme: reader.choice('PROGRAMME', ['on', 'paused'], 'on'),
    logLevel: reader.choice('LOG_LEVEL', logLevels, 'info'),
    metricsToken: reader.text('METRICS_TOKEN'),
    otlpEndpoint: reader.url('OTEL_EXPORTER_OTLP_ENDPOINT', ['http:', 'https:']),
    shutdownDelayMs: reader.integer('SHUTDOWN_DELAY_MS', 500, 0, 60_000),
    webhookAllowNetworks: reader.parsedList(
      'WEBHOOK_ALLOW_NETWORKS',
      parseNetwork,
      'networks like 10.0.0.0/8',
    ),
    webhookTimeoutMs: 10_000,
    eventRetentionDays: reader.integer('KEEP_EVENTS_DAYS', 90, 30, 3650),
  };
  checkConsistency(config, reader);
  if (reader.problems.length > 0) throw new ConfigError(reader.problems);
  return config;
}

/** Whether the built-in Stripe sandbox replaces Stripe. */
export function usesSandbox(config: Config): boolean {
  return config.stripeSecretKey === null && !config.production;
}

/** Whether emails are kept and shown at /dev/mail instead of being sent. */
export function capturesEmail(config: Config): boolean {
  return config.smtpUrl === null && !config.production;
}

function checkConsistency(config: Config, reader: EnvReader): void {
  for (const key of config.secretKeys)
    if (Buffer.byteLength(key) < 32)
      reader.problems.push('SECRET_KEY: every key needs at least 32 bytes (try: openssl rand -hex 32)');
  if (config.metricsToken !== null && config.metricsToken.length < 16)
    reader.problems.push('METRICS_TOKEN: at least 16 characters (try: openssl rand -hex 32)');
  if (config.retiredSecretKeys.some((key) => config.secretKeys.includes(key)))
    reader.problems.push(
      'SECRET_KEY_RETIRED: has a key that is also in SECRET_KEY; remove it from one of them',
    );
  if (config.stripeSecretKey !== null && config.stripeWebhookSecrets.length === 0)
    reader.problems.push(
      'STRIPE_WEBHOOK_SECRET: required with STRIPE_SECRET_KEY; `npx twofold stripe setup` makes the endpoint and prints it, Stripe’s dashboard shows that of an endpoint you have',
    );
  reader.problems.push(...ssoProblems(config));
  if (config.databaseReadUrl !== null && parseHosts(config.databaseReadUrl)?.hosts.length !== 1)
    reader.problems.push(
      'DATABASE_READ_URL: exactly one server; DATABASE_URL is used while it is unavailable',
    );
  if (config.smtpUrl === null && config.emails !== 'off' && !loopbackHosts.has(config.host))
    reader.problems.push(
      'SMTP_URL: required when HOST is reachable from other machines, because captured emails would show sign-in codes',
    );
  if (!config.production) return;
  if (config.clockOffsetMs !== 0)
    reader.problems.push('CLOCK_OFFSET_SECONDS: only for tests, never in production');
  const required: [string, boolean][] = [
    ['SECRET_KEY', config.secretKeys.length > 0],
    ['STRIPE_SECRET_KEY', config.stripeSecretKey !== null],
    ['STRIPE_WEBHOOK_SECRET', config.stripeWebhookSecrets.length > 0],
    ['SMTP_URL', config.smtpUrl !== null || config.emails === 'off'],
    ['BASE_URL', reader.text('BASE_URL') !== null],
  ];
  for (const [name, present] of required)
    if (!present && !reader.problems.some((problem) => problem.startsWith(name)))
      reader.problems.push(`${name}: required when NODE_ENV=production`);
}

function ssoProblems({ ssoSecrets, ssoJwksUrl, ssoIssuer }: Config): string[] {
  const problems: string[] = [];
  if (ssoSecrets.some((secret) => Buffer.byteLength(secret) < 32))
    problems.push('SSO_SECRET: every secret needs at least 32 bytes (try: openssl rand -hex 32)');
  if (ssoSecrets.some(isPublicKey))
    problems.push('SSO_SECRET: a public key is no secret; publish it, and set SSO_JWKS_URL');
  if (ssoSecrets.length > 0 && ssoJwksUrl !== null)
    problems.push('SSO_JWKS_URL: set either this or SSO_SECRET, since links are signed in one way');
  if (ssoJwksUrl?.startsWith('http:') && !loopbackHosts.has(hostOf(ssoJwksUrl)))
    problems.push('SSO_JWKS_URL: a URL like https://…, or one of this machine');
  if ((ssoSecrets.length > 0 || ssoJwksUrl !== null) && ssoIssuer === null)
    problems.push('SSO_ISSUER: required for SSO links; what your product writes into iss');
  return problems;
}

function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '');
}

/** A key that may be known to others, in PEM, as base64 of DER, for SSH, or as a JWK. */
function isPublicKey(text: string): boolean {
  if (/^(-----BEGIN|\{|\[|ssh-|ecdsa-)/.test(text)) return true;
  try {
    createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
    return true;
  } catch {
    return false; // as any secret
  }
}

function defaultBaseUrl(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

class EnvReader {
  constructor(
    private readonly env: NodeJS.ProcessEnv,
    readonly problems: string[],
  ) {}

  text(name: VariableName): string | null {
    return this.env[name]?.trim() || null;
  }

  list(name: VariableName): string[] {
    return (this.text(name) ?? '')
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean);
  }

  /** As {@link list}, each part in the spelling that `parse` gives it. */
  parsedList(name: VariableName, parse: (text: string) => string | null, what: string): string[] {
    const parts = this.list(name);
    const wrong = parts.filter((part) => parse(part) === null);
    if (wrong.length > 0)
      this.problems.push(`${name}: ${what} with commas in between, not "${wrong.join(', ')}"`);
    return parts.flatMap((part) => parse(part) ?? []);
  }

  /** One value in the spelling that `parse` gives it. */
  parsed(name: VariableName, parse: (text: string) => string | null, what: string): string | null {
    const text = this.text(name);
    if (text === null) return null;
    const parsed = parse(text);
    if (parsed === null) this.problems.push(`${name}: ${what}, not "${text}"`);
    return parsed;
  }

  /** A name that can stand in a title, a subject and the sender of an email. */
  productName(name: VariableName): string {
    const text = this.text(name) ?? 'Twofold';
    if (/^[^\p{C}"<>,;:@\\()[\]]{1,40}$/u.test(text)) return text;
    this.problems.push(`${name}: at most 40 characters, without quotes, brackets and , ; : @`);
    return 'Twofold';
  }

  /** A picture, read now. */
  logo(name: VariableName): BrandLogo | null {
    const path = this.text(name);
    if (path === null) return null;
    const logo = readLogo(path);
    if (typeof logo !== 'string') return logo;
    this.problems.push(`${name}: ${logo}`);
    return null;
  }

  integer(name: VariableName, fallback: number, least: number, most: number): number {
    const text = this.text(name);
    if (text === null) return fallback;
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    this.problems.push(`${name}: a whole number from ${least} to ${most}, not "${text}"`);
    return fallback;
  }

  choice<T extends string>(name: VariableName, choices: readonly T[], fallback: T): T {
    const text = this.text(name);
    if (text === null) return fallback;
    const found = choices.find((choice) => choice === text);
    if (found !== undefined) return found;
    this.problems.push(`${name}: one of ${choices.join(', ')}, not "${text}"`);
    return fallback;
  }

  /** One server, or several with commas in between. */
  databaseUrl(name: VariableName): string | null {
    const text = this.text(name);
    if (text === null || parseHosts(text) !== null) return text;
    this.problems.push(
      `${name}: a URL like postgres://user:password@host:5432/name, several hosts with commas`,
    );
    return null;
  }

  /** An http address with `{code}` in it, where the code of a link goes. */
  linkTarget(name: VariableName): string | null {
    const text = this.url(name, ['https:', 'http:']);
    if (text === null || text.includes('{code}')) return text;
    this.problems.push(`${name}: an address with {code} in it, such as https://app.example/?ref={code}`);
    return null;
  }

  /** The value is never repeated in a problem: URLs carry passwords. */
  url(name: VariableName, protocols: string[]): string | null {
    const text = this.text(name);
    if (text === null) return null;
    const form = `${protocols[0]}//…`;
    if (URL.canParse(text) && protocols.includes(new URL(text).protocol)) return text;
    this.problems.push(`${name}: a URL like ${form}`);
    return null;
  }
}

/** The validated {@link Config}. */
export const CONFIG = Symbol('config');
