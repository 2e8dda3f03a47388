-- The plainest schema that keeps the same promises: each event and payment once, one conversion per
-- invoice, one ledger line per side, and an outbox.
CREATE SCHEMA equivalent;
CREATE TABLE equivalent.account (
  id           integer PRIMARY KEY,
  tier         text NOT NULL DEFAULT 'free',
  first_paid   text,
  credit_until timestamptz,
  updated_at   timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE equivalent.inbox (
  id          uuid PRIMARY KEY,
  type        text NOT NULL,
  payload     jsonb NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE equivalent.invoice (
  id         uuid PRIMARY KEY,
  account_id integer NOT NULL REFERENCES equivalent.account,
  amount     integer NOT NULL,
  paid_at    timestamptz NOT NULL
);
CREATE TABLE equivalent.conversion (
  id          uuid PRIMARY KEY,
  referred_id integer NOT NULL REFERENCES equivalent.account,
  invoice_id  uuid NOT NULL UNIQUE,
  at          timestamptz NOT NULL
);
CREATE TABLE equivalent.audit (
  id         bigserial PRIMARY KEY,
  account_id integer NOT NULL REFERENCES equivalent.account,
  action     text NOT NULL,
  details    jsonb NOT NULL,
  at         timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON equivalent.audit (account_id);
CREATE TABLE equivalent.entry (
  id            uuid PRIMARY KEY,
  account_id    integer NOT NULL REFERENCES equivalent.account,
  conversion_id uuid NOT NULL REFERENCES equivalent.conversion,
  side          text NOT NULL,
  days          integer NOT NULL,
  from_at       timestamptz NOT NULL,
  until_at      timestamptz NOT NULL,
  UNIQUE (conversion_id, side)
);
CREATE INDEX ON equivalent.entry (account_id);
CREATE TABLE equivalent.outbox (
  id      bigserial PRIMARY KEY,
  kind    text NOT NULL,
  payload jsonb NOT NULL,
  run_at  timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE equivalent.sample (payload text NOT NULL);
INSERT INTO equivalent.sample VALUES (:payload);
INSERT INTO equivalent.account (id) SELECT n FROM generate_series(1, 40000) n;
