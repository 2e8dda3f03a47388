-- The referral programme: terms, codes, referrals, conversions, what becomes of their rewards, and
-- the checks against fraud.
CREATE SCHEMA referral;

\ir functions/referral.code_key.sql
\ir functions/referral.create_budget.sql
\ir functions/referral.skip_closed_referral.sql

CREATE TABLE referral.terms (
  version           integer PRIMARY KEY CONSTRAINT terms_version_starts_at_one CHECK (version >= 1),
  referrer_days     integer NOT NULL
                    CONSTRAINT terms_referrer_days_are_in_range CHECK (referrer_days BETWEEN 0 AND 3650),
  referred_days     integer NOT NULL
                    CONSTRAINT terms_referred_days_are_in_range CHECK (referred_days BETWEEN 0 AND 3650),
  valid_from        timestamptz NOT NULL,
  valid_until       timestamptz CONSTRAINT terms_end_after_they_begin CHECK (valid_until > valid_from),
  published_at      timestamptz,
  hold_days         integer NOT NULL DEFAULT 0
                    CONSTRAINT terms_hold_is_in_range CHECK (hold_days BETWEEN 0 AND 90),
  minimum_amounts   jsonb NOT NULL DEFAULT '{}' CONSTRAINT terms_minimum_amounts_are_by_currency
                    CHECK (jsonb_typeof(minimum_amounts) = 'object'),
  qualifying_prices text[] NOT NULL DEFAULT '{}',
  attribution       text NOT NULL DEFAULT 'last_touch' CONSTRAINT terms_attribution_is_known
                    CHECK (attribution IN ('first_touch', 'last_touch')),
  attribution_days  integer NOT NULL DEFAULT 30 CONSTRAINT terms_attribution_window_is_in_range
                    CHECK (attribution_days BETWEEN 1 AND 365),
  late_claim_days   integer NOT NULL DEFAULT 14
                    CONSTRAINT terms_late_claim_is_in_range CHECK (late_claim_days BETWEEN 0 AND 365),
  cap_conversions   integer CONSTRAINT terms_cap_is_in_range CHECK (cap_conversions >= 1),
  cap_window_days   integer
                    CONSTRAINT terms_cap_window_is_in_range CHECK (cap_window_days BETWEEN 1 AND 3650),
  budget_days       integer CONSTRAINT terms_budget_is_in_range CHECK (budget_days >= 1),
  milestone_every   integer CONSTRAINT terms_milestone_is_in_range CHECK (milestone_every >= 1),
  milestone_days    integer
                    CONSTRAINT terms_milestone_days_are_in_range CHECK (milestone_days BETWEEN 1 AND 3650),
  refund_percent    integer NOT NULL DEFAULT 100
                    CONSTRAINT terms_refund_percent_is_in_range CHECK (refund_percent BETWEEN 1 AND 100),
  CONSTRAINT terms_reward_somebody CHECK (referrer_days + referred_days > 0),
  CONSTRAINT terms_cap_window_has_a_cap CHECK (cap_window_days IS NULL OR cap_conversions IS NOT NULL),
  CONSTRAINT terms_milestone_is_complete
    CHECK (num_nonnulls(milestone_every, milestone_days) IN (0, 2))
);
COMMENT ON COLUMN referral.terms.minimum_amounts IS
  'smallest unit by currency; empty: any amount, otherwise only these currencies';
COMMENT ON COLUMN referral.terms.qualifying_prices IS 'empty: every price that grants the paid tier';
COMMENT ON COLUMN referral.terms.cap_window_days IS 'null with a cap: without end';
COMMENT ON COLUMN referral.terms.refund_percent IS
  'once this share of the first payment is refunded, the reward is reversed';
CREATE TRIGGER terms_are_append_only BEFORE UPDATE OR DELETE ON referral.terms
  FOR EACH ROW EXECUTE FUNCTION platform.reject_change();
CREATE TRIGGER terms_are_never_truncated BEFORE TRUNCATE ON referral.terms
  FOR EACH STATEMENT EXECUTE FUNCTION platform.reject_change();

-- What is used of a budget. The constraint keeps it from being exceeded.
CREATE TABLE referral.budget (
  terms_version integer PRIMARY KEY CONSTRAINT budget_belongs_to_terms REFERENCES referral.terms,
  limit_ms      bigint NOT NULL,
  reserved_ms   bigint NOT NULL DEFAULT 0,
  CONSTRAINT budget_is_never_exceeded CHECK (reserved_ms BETWEEN 0 AND limit_ms)
);
CREATE TRIGGER terms_create_their_budget AFTER INSERT ON referral.terms
  FOR EACH ROW WHEN (NEW.budget_days IS NOT NULL) EXECUTE FUNCTION referral.create_budget();

CREATE TABLE referral.code (
  code         text PRIMARY KEY,
  user_id      uuid NOT NULL CONSTRAINT code_belongs_to_a_user REFERENCES auth."user" ON DELETE CASCADE,
  kind         text NOT NULL DEFAULT 'random'
               CONSTRAINT code_kind_is_known CHECK (kind IN ('random', 'vanity')),
  created_at   timestamptz NOT NULL,
  retired_at   timestamptz,
  works_until  timestamptz,
  blocked_at   timestamptz,
  is_ambiguous boolean NOT NULL DEFAULT false,
  CONSTRAINT code_format_matches_its_kind CHECK (CASE kind
    WHEN 'random' THEN code ~ '^[ABCDEFGHJKMNPQRSTUVWXYZ23456789]{8}$'
    ELSE code ~ '^[A-Z0-9]+(-[A-Z0-9]+)*$' AND length(code) BETWEEN 3 AND 24 END)
);
COMMENT ON COLUMN referral.code.works_until IS 'a retired code still works until then';
COMMENT ON COLUMN referral.code.is_ambiguous IS
  'an older code differs only by its hyphens: this one is found by its exact spelling alone';
CREATE UNIQUE INDEX code_one_active_per_user ON referral.code (user_id) WHERE retired_at IS NULL;
-- A code typed with other hyphens or easily confused letters must not be the code of another user.
CREATE UNIQUE INDEX code_has_no_lookalike
  ON referral.code (regexp_replace(code, '[^ABCDEFGHJKMNPQRSTUVWXYZ23456789]', '', 'g'))
  WHERE length(regexp_replace(code, '[^ABCDEFGHJKMNPQRSTUVWXYZ23456789]', '', 'g')) = 8;
CREATE UNIQUE INDEX code_unique_in_any_spelling ON referral.code (referral.code_key(code))
  WHERE NOT is_ambiguous;
CREATE INDEX code_by_user ON referral.code (user_id, created_at);

-- Vanity codes of erased users, as keyed hashes: the code may be a name, so it is not kept, and nobody
-- else gets it.
CREATE TABLE referral.erased_code (
  code_hash bytea PRIMARY KEY
);
CREATE TRIGGER erased_code_is_append_only BEFORE UPDATE OR DELETE ON referral.erased_code
  FOR EACH ROW EXECUTE FUNCTION platform.reject_change();
CREATE TRIGGER erased_code_is_never_truncated BEFORE TRUNCATE ON referral.erased_code
  FOR EACH STATEMENT EXECUTE FUNCTION platform.reject_change();

-- How often the links of a code were opened on a day (UTC). Clicks are counted, not people.
CREATE TABLE referral.link_click (
  code   text NOT NULL
         CONSTRAINT link_click_belongs_to_a_code REFERENCES referral.code ON DELETE CASCADE,
  day    date NOT NULL,
  clicks integer NOT NULL CONSTRAINT link_click_count_is_positive CHECK (clicks >= 1),
  PRIMARY KEY (code, day)
);
CREATE INDEX link_click_by_day ON referral.link_click (day);

CREATE TABLE referral.referral (
  id            uuid PRIMARY KEY,
  referrer_id   uuid CONSTRAINT referral_has_a_referrer REFERENCES auth."user" ON DELETE SET NULL,
  referred_id   uuid NOT NULL CONSTRAINT referral_once_per_referred UNIQUE
                CONSTRAINT referral_has_a_referred REFERENCES auth."user",
  code          text NOT NULL,
  terms_version integer NOT NULL CONSTRAINT referral_has_terms REFERENCES referral.terms,
  origin        text NOT NULL CONSTRAINT referral_origin_is_known
                CHECK (origin IN ('sign_up', 'claim', 'import', 'admin', 'merge')),
  label         text NOT NULL,
  campaign      jsonb,
  domain_class  text CONSTRAINT referral_domain_class_is_known
                CHECK (domain_class IN ('familiar', 'unfamiliar', 'disposable', 'unclassified')),
  linked_at     timestamptz NOT NULL,
  closed_at     timestamptz,
  -- Only a merge of two accounts can put one user on both sides.
  CONSTRAINT referral_not_of_oneself CHECK (referrer_id <> referred_id OR origin = 'merge')
);
COMMENT ON COLUMN referral.referral.label IS 'how the referrer sees the referred: a masked e-mail';
COMMENT ON COLUMN referral.referral.campaign IS
  'the campaign parameters and landing page of the sign-up; nothing about the person';
COMMENT ON COLUMN referral.referral.domain_class IS
  'of the verified e-mail address, which is not stored here';
COMMENT ON COLUMN referral.referral.closed_at IS
  'a merge of accounts ended it before its first payment';
CREATE INDEX referral_by_referrer ON referral.referral (referrer_id, id);
CREATE INDEX referral_by_terms ON referral.referral (terms_version);
CREATE INDEX referral_by_linked_at ON referral.referral (linked_at);

CREATE TABLE referral.conversion (
  id           uuid PRIMARY KEY,
  referral_id  uuid NOT NULL CONSTRAINT conversion_once_per_referral UNIQUE
               CONSTRAINT conversion_belongs_to_a_referral REFERENCES referral.referral,
  referred_id  uuid NOT NULL CONSTRAINT conversion_once_per_referred UNIQUE,
  invoice_id   text NOT NULL CONSTRAINT conversion_once_per_invoice UNIQUE,
  converted_at timestamptz NOT NULL
);
CREATE INDEX conversion_by_converted_at ON referral.conversion (converted_at);
CREATE TRIGGER conversion_is_append_only BEFORE UPDATE OR DELETE ON referral.conversion
  FOR EACH ROW EXECUTE FUNCTION platform.reject_change();
CREATE TRIGGER conversion_is_never_truncated BEFORE TRUNCATE ON referral.conversion
  FOR EACH STATEMENT EXECUTE FUNCTION platform.reject_change();
CREATE TRIGGER closed_referral_never_converts BEFORE INSERT ON referral.conversion
  FOR EACH ROW EXECUTE FUNCTION referral.skip_closed_referral();

-- Whether the reward of a conversion is granted. Recomputed from the first payment and its reversals,
-- so the order of events does not matter.
CREATE TABLE referral.reward_status (
  conversion_id     uuid PRIMARY KEY
                    CONSTRAINT reward_status_belongs_to_a_conversion REFERENCES referral.conversion,
  state             text NOT NULL CONSTRAINT reward_status_state_is_known
                    CHECK (state IN ('granted', 'held', 'suspended', 'reversed')),
  reasons           text[] NOT NULL DEFAULT '{}',
  flags             text[] NOT NULL DEFAULT '{}',
  holds             text[] NOT NULL DEFAULT '{}',
  release_at        timestamptz,
  capped            boolean NOT NULL DEFAULT false,
  invoice_id        text NOT NULL,
  credited_at       timestamptz,
  changed_at        timestamptz NOT NULL,
  card_check_due_at timestamptz DEFAULT '-infinity',
  CONSTRAINT reward_status_granted_or_held_has_no_reasons
    CHECK ((state IN ('granted', 'held')) = (reasons = '{}')),
  CONSTRAINT reward_status_held_has_holds
    CHECK (state NOT IN ('granted', 'held') OR (state = 'held') = (holds <> '{}')),
  CONSTRAINT reward_status_granted_is_credited CHECK (state <> 'granted' OR credited_at IS NOT NULL)
);
COMMENT ON COLUMN referral.reward_status.release_at IS
  'when the refund window closes; null: the terms had none';
COMMENT ON COLUMN referral.reward_status.capped IS
  'the referrer had reached the cap: only the referred is rewarded';
COMMENT ON COLUMN referral.reward_status.invoice_id IS 'the first payment that the state follows';
COMMENT ON COLUMN referral.reward_status.credited_at IS
  'when both sides were first credited; null: never so far';
COMMENT ON COLUMN referral.reward_status.card_check_due_at IS
  'when to fetch from Stripe which cards both sides paid with; null: done';
CREATE INDEX reward_status_release_due ON referral.reward_status (release_at)
  WHERE state = 'held' AND holds @> '{refund_window}';
CREATE INDEX reward_status_card_check_due ON referral.reward_status (card_check_due_at)
  WHERE card_check_due_at IS NOT NULL;

-- What a conversion uses of a cap and a budget. There is no row where the terms have neither.
CREATE TABLE referral.reward_reservation (
  conversion_id uuid PRIMARY KEY
                CONSTRAINT reward_reservation_belongs_to_a_conversion REFERENCES referral.conversion,
  referrer_id   uuid,
  terms_version integer NOT NULL CONSTRAINT reward_reservation_has_terms REFERENCES referral.terms,
  uses_cap      boolean NOT NULL,
  reserved_ms   bigint NOT NULL CONSTRAINT reward_reservation_is_not_negative CHECK (reserved_ms >= 0),
  reserved_at   timestamptz NOT NULL
);
COMMENT ON COLUMN referral.reward_reservation.uses_cap IS 'counts towards the referrer’s cap now';
COMMENT ON COLUMN referral.reward_reservation.reserved_ms IS
  'what it uses of the budget now; after a reversal, what was used up';
CREATE INDEX reward_reservation_by_referrer ON referral.reward_reservation (referrer_id, reserved_at)
  WHERE uses_cap;

-- Every n-th granted conversion of a referrer earns an extra reward, once per n.
CREATE TABLE referral.milestone (
  referrer_id   uuid NOT NULL,
  ordinal       integer NOT NULL CONSTRAINT milestone_ordinal_starts_at_one CHECK (ordinal >= 1),
  terms_version integer NOT NULL CONSTRAINT milestone_has_terms REFERENCES referral.terms,
  entry_id      uuid NOT NULL CONSTRAINT milestone_is_one_grant UNIQUE,
  last_entry_id uuid NOT NULL,
  is_granted    boolean NOT NULL,
  reserved_ms   bigint NOT NULL CONSTRAINT milestone_reservation_is_not_negative CHECK (reserved_ms >= 0),
  changed_at    timestamptz NOT NULL,
  PRIMARY KEY (referrer_id, ordinal)
);
COMMENT ON COLUMN referral.milestone.last_entry_id IS
  'the credit entry that last granted, reversed or restored its days';

-- What the fraud rules decide about a referral, and what staff decide; staff win. No row: nothing found.
CREATE TABLE referral.review (
  referral_id uuid PRIMARY KEY CONSTRAINT review_belongs_to_a_referral REFERENCES referral.referral,
  outcome     text NOT NULL
              CONSTRAINT review_outcome_is_known CHECK (outcome IN ('allow', 'review', 'reject')),
  decision    text CONSTRAINT review_decision_is_known CHECK (decision IN ('approved', 'rejected')),
  opened_at   timestamptz NOT NULL,
  decided_at  timestamptz,
  decided_by  uuid,
  CONSTRAINT review_decision_has_its_time CHECK ((decision IS NULL) = (decided_at IS NULL))
);
CREATE INDEX review_pending ON referral.review (opened_at, referral_id)
  WHERE decision IS NULL AND outcome = 'review';

-- Properties of a user that two unrelated people would not share. Keyed hashes only.
CREATE TABLE referral.signal (
  user_id uuid NOT NULL CONSTRAINT signal_belongs_to_a_user REFERENCES auth."user" ON DELETE CASCADE,
  kind    text NOT NULL CONSTRAINT signal_kind_is_known
          CHECK (kind IN ('mailbox', 'customer', 'card', 'network', 'device')),
  hash    bytea NOT NULL,
  seen_at timestamptz NOT NULL,
  PRIMARY KEY (user_id, kind, hash)
);
-- By time: where many users share a signal, only the newest are read.
CREATE INDEX signal_by_hash ON referral.signal (kind, hash, seen_at);
CREATE INDEX signal_by_seen_at ON referral.signal USING brin (seen_at) WITH (autosummarize = on);

-- The mode and weight of each fraud rule; the application adds missing rules at start. In `shadow` mode a rule records hits and changes nothing.
CREATE TABLE referral.fraud_rule (
  name       text PRIMARY KEY,
  mode       text NOT NULL CONSTRAINT fraud_rule_mode_is_known CHECK (mode IN ('live', 'shadow', 'off')),
  weight     integer NOT NULL CONSTRAINT fraud_rule_weight_is_in_range CHECK (weight BETWEEN 0 AND 100),
  changed_at timestamptz
);

-- What a fraud rule found about a referral, once per evidence.
CREATE TABLE referral.fraud_rule_hit (
  id          uuid PRIMARY KEY,
  referral_id uuid NOT NULL
              CONSTRAINT fraud_rule_hit_belongs_to_a_referral REFERENCES referral.referral,
  rule        text NOT NULL CONSTRAINT fraud_rule_hit_has_a_rule REFERENCES referral.fraud_rule,
  version     integer NOT NULL CONSTRAINT fraud_rule_hit_version_starts_at_one CHECK (version >= 1),
  mode        text NOT NULL CONSTRAINT fraud_rule_hit_mode_is_known CHECK (mode IN ('live', 'shadow')),
  weight      integer NOT NULL,
  evidence    jsonb NOT NULL,
  at          timestamptz NOT NULL,
  CONSTRAINT fraud_rule_hit_once_per_evidence UNIQUE (referral_id, rule, version, mode, evidence)
);
COMMENT ON COLUMN referral.fraud_rule_hit.version IS 'of the rule: it rises when the rule changes';
COMMENT ON COLUMN referral.fraud_rule_hit.evidence IS
  'numbers, ids and kinds; no address, no name, no card number';
CREATE INDEX fraud_rule_hit_by_rule ON referral.fraud_rule_hit (rule, at);
CREATE TRIGGER fraud_rule_hit_is_append_only BEFORE UPDATE OR DELETE ON referral.fraud_rule_hit
  FOR EACH ROW EXECUTE FUNCTION platform.reject_change();
CREATE TRIGGER fraud_rule_hit_is_never_truncated BEFORE TRUNCATE ON referral.fraud_rule_hit
  FOR EACH STATEMENT EXECUTE FUNCTION platform.reject_change();

-- E-mail addresses of erased users, as keyed hashes: they were invited already.
CREATE TABLE referral.tombstone (
  email_hash bytea PRIMARY KEY,
  created_at timestamptz NOT NULL
);
CREATE TRIGGER tombstone_is_append_only BEFORE UPDATE OR DELETE ON referral.tombstone
  FOR EACH ROW EXECUTE FUNCTION platform.reject_change();
CREATE TRIGGER tombstone_is_never_truncated BEFORE TRUNCATE ON referral.tombstone
  FOR EACH STATEMENT EXECUTE FUNCTION platform.reject_change();
