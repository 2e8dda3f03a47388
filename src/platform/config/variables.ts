/**
 * What `.env.example` says about a variable. `example` is shown commented out; it is the default
 * where there is one.
 */
interface Variable {
  example: string;
  about: string;
}

/** Every environment variable that is read, in sections. {@link loadConfig} can read no other. */
export const variableSections = {
  Server: {
    NODE_ENV: {
      example: 'production',
      about: 'no /dev pages, no sandbox; secrets and addresses are required',
    },
    PORT: { example: '3000', about: 'where it listens' },
    HOST: { example: '127.0.0.1', about: 'where it listens; beyond loopback it needs SMTP_URL' },
    BASE_URL: {
      example: 'http://127.0.0.1:3000',
      about: 'how it is reached; https brings secure cookies and HSTS',
    },
    ROLE: { example: 'all', about: 'web, worker or all; any number of each on one database' },
    TRUST_PROXY: { example: '1', about: 'hops or networks whose X-Forwarded-* count; unset: none' },
    LINK_TARGET: {
      example: 'https://app.example/?ref={code}',
      about: 'where referral links lead; unset: our sign-in page',
    },
    RETURN_URLS: {
      example: 'https://app.example',
      about: 'comma list; origins that checkout and portal may lead back to, besides our own',
    },
    CORS_ORIGINS: { example: 'https://app.example', about: 'comma list; frontends with bearer tokens' },
    SHUTDOWN_DELAY_MS: { example: '500', about: 'how long /health/ready says 503 after SIGTERM' },
    CLOCK_OFFSET_SECONDS: { example: '0', about: 'a wrong clock, for tests; never in production' },
  },
  Product: {
    PRODUCT_NAME: { example: 'Twofold', about: 'what pages, emails and the checkout call the product' },
    PRODUCT_URL: { example: 'https://app.example', about: 'where pages lead back to; unset: nowhere' },
    SUPPORT_EMAIL: { example: 'help@app.example', about: 'where people get help, and where answers go' },
    BRAND_LOGO: { example: '/etc/twofold/logo.svg', about: 'svg, png, webp or jpg of at most 256 KiB' },
    BRAND_COLOUR: { example: '#0b6250', about: 'the accent of pages; made readable where it is not' },
  },
  Database: {
    DATABASE_URL: {
      example: 'postgres://user:password@host:5432/twofold',
      about: 'PostgreSQL 14 or newer; unset: an embedded one in DATA_DIR',
    },
    DATABASE_READ_URL: {
      example: 'postgres://user:password@standby:5432/twofold',
      about: 'a standby for statistics; unset: none',
    },
    DATABASE_POOL_MAX: { example: '20', about: 'connections that a process may hold' },
    WEBHOOK_CONCURRENCY: { example: '5', about: 'deliveries of Stripe that a process applies at once' },
    DATA_DIR: { example: '.data', about: 'holds the embedded database and the generated key' },
    KEEP_EVENTS_DAYS: {
      example: '90',
      about: 'days that payloads of Stripe events, after the end of their month, and webhook events are kept',
    },
  },
  Secrets: {
    SECRET_KEY: {
      example: 'output of: openssl rand -hex 32',
      about: 'comma list, the first makes, all verify; unset: generated into DATA_DIR',
    },
    SECRET_KEY_RETIRED: { example: '', about: 'comma list; keys that only recognise what they made' },
  },
  Email: {
    SMTP_URL: {
      example: 'smtp://user:password@host:587',
      about: 'unset: emails are captured and shown at /dev/mail',
    },
    MAIL_FROM: { example: 'Twofold <twofold@localhost>', about: 'the sender of every email' },
    EMAILS: { example: 'on', about: 'on, security (sign-in and the installation), or off' },
  },
  Stripe: {
    STRIPE_SECRET_KEY: { example: 'sk_test_…', about: 'unset: payments go to the built-in sandbox' },
    STRIPE_WEBHOOK_SECRET: { example: 'whsec_…', about: 'comma list; any of them verifies' },
    STRIPE_API_BASE: { example: 'http://127.0.0.1:12111', about: 'another origin for its API' },
    STRIPE_PAID_PRICES: { example: 'price_…', about: 'comma list; prices that make a user paid; unset: any' },
  },
  'Other processors': {
    PADDLE_WEBHOOK_SECRET: {
      example: 'pdl_ntfset_…',
      about: 'comma list; any of them verifies; unset: /webhooks/paddle is closed',
    },
    LEMON_SQUEEZY_WEBHOOK_SECRET: {
      example: 'a-long-random-text',
      about: 'comma list; any of them verifies; unset: /webhooks/lemon-squeezy is closed',
    },
  },
  'Sign-in from another product': {
    SSO_SECRET: {
      example: 'output of: openssl rand -hex 32',
      about: 'comma list; any of them verifies SSO links; unset: see SSO_JWKS_URL',
    },
    SSO_JWKS_URL: {
      example: 'https://app.example/.well-known/jwks.json',
      about: 'the keys that verify SSO links, instead of SSO_SECRET; both unset: /sso is closed',
    },
    SSO_ISSUER: { example: 'https://app.example', about: 'the issuer (iss) of SSO links' },
  },
  Programme: {
    PROGRAMME: { example: 'on', about: 'on, or paused: no new referral is made' },
    REFERRAL_CREDIT_DAYS: { example: '45', about: 'days for each side in the first terms' },
    CREDIT_DELIVERY: { example: 'overlay', about: 'overlay, after_paid_period or defer_billing' },
    REVIEW_UNDO_MINUTES: {
      example: '10',
      about: 'how long staff can undo a decision about a referral; it takes effect afterwards',
    },
  },
  Access: {
    ADMIN_EMAILS: { example: 'you@app.example', about: 'comma list; admins from their next sign-in on' },
    DISPOSABLE_EMAIL_DOMAINS: { example: 'trash.example', about: 'comma list, besides the known domains' },
    SIGN_IN_LIMIT_FACTOR: {
      example: '1',
      about: 'multiplies the sign-in limits, not those of second factors',
    },
    STAFF_SECOND_FACTOR: {
      example: 'optional',
      about: 'optional, or required: staff add one before anything of the console',
    },
    FRESH_SIGN_IN_HOURS: { example: '12', about: 'how old a sign-in may be for what only admins may do' },
  },
  'Outgoing webhooks': {
    WEBHOOK_ALLOW_NETWORKS: {
      example: '10.0.0.0/8',
      about: 'comma list; networks that webhooks may reach though they are not public; unset: none',
    },
  },
  Observability: {
    LOG_LEVEL: { example: 'info', about: 'fatal, error, warn, info, debug, trace or silent' },
    METRICS_TOKEN: { example: '', about: 'bearer token for /metrics, at least 16 characters' },
    OTEL_EXPORTER_OTLP_ENDPOINT: { example: 'http://collector:4318', about: 'where traces are sent' },
  },
} as const satisfies Record<string, Record<string, Variable>>;

type Sections = typeof variableSections;

/** The name of a variable that is read. */
export type VariableName = { [Section in keyof Sections]: keyof Sections[Section] }[keyof Sections];
