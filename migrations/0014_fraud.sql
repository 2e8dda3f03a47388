-- Why a referral may not be what it seems: what people share, what the rules found, and what each rule may do.

-- What is known of a person that two honest strangers would not share. Keyed hashes only, never the thing itself.
CREATE TABLE referral.signal (
  user_id uuid NOT NULL REFERENCES auth."user" ON DELETE CASCADE,
  kind    text NOT NULL CONSTRAINT signal_kind_is_known
          CHECK (kind IN ('mailbox', 'customer', 'card', 'network', 'device')),
  hash    bytea NOT NULL,
  seen_at timestamptz NOT NULL,
  PRIMARY KEY (user_id, kind, hash)
);
-- By time, because of a crowd that shares one thing only the newest are looked at.
CREATE INDEX signal_by_hash ON referral.signal (kind, hash, seen_at);

-- What a rule may do, as data: `shadow` writes down what it would have found, and changes nothing.
CREATE TABLE referral.rule (
  name       text PRIMARY KEY,
  mode       text NOT NULL CONSTRAINT rule_mode_is_known CHECK (mode IN ('live', 'shadow', 'off')),
  weight     integer NOT NULL CONSTRAINT rule_weight_is_sane CHECK (weight BETWEEN 0 AND 100),
  changed_at timestamptz
);
INSERT INTO referral.rule (name, mode, weight) VALUES
  ('own_mailbox', 'live', 100),
  ('known_mailbox', 'live', 100),
  ('own_customer', 'live', 100),
  ('own_card', 'live', 60),
  ('known_card', 'live', 60),
  ('crowded_card', 'live', 100),
  ('disposable_domain', 'live', 60),
  ('unjudged_domain', 'live', 60),
  ('unfamiliar_domain', 'shadow', 60),
  ('loop', 'live', 60),
  ('ring', 'live', 60),
  ('velocity', 'live', 20),
  ('own_network', 'live', 15),
  ('crowded_network', 'live', 15),
  ('own_device', 'live', 20),
  ('crowded_device', 'live', 20);

-- Each thing that a rule found about a referral, with its evidence, once; what it finds later is another row.
CREATE TABLE referral.rule_result (
  id          uuid PRIMARY KEY,
  referral_id uuid NOT NULL REFERENCES referral.referral,
  rule        text NOT NULL REFERENCES referral.rule,
  version     integer NOT NULL CONSTRAINT rule_result_version_counts_from_one CHECK (version >= 1),
  mode        text NOT NULL CONSTRAINT rule_result_mode_is_known CHECK (mode IN ('live', 'shadow')),
  weight      integer NOT NULL,
  evidence    jsonb NOT NULL,
  at          timestamptz NOT NULL,
  CONSTRAINT rule_result_once_for_its_evidence UNIQUE (referral_id, rule, version, mode, evidence)
);
COMMENT ON COLUMN referral.rule_result.version IS 'what the rule looked for: another version is another question';
COMMENT ON COLUMN referral.rule_result.evidence IS 'figures, ids and kinds; no address, no name, no number of a card';
CREATE INDEX rule_result_by_rule ON referral.rule_result (rule, at);
CREATE TRIGGER rule_result_is_append_only BEFORE UPDATE OR DELETE ON referral.rule_result
  FOR EACH ROW EXECUTE FUNCTION platform.refuse_change();
CREATE TRIGGER rule_result_is_never_emptied BEFORE TRUNCATE ON referral.rule_result
  FOR EACH STATEMENT EXECUTE FUNCTION platform.refuse_change();

-- What a domain was when its address was proven; the address itself is not kept here.
ALTER TABLE referral.referral
  ADD domain_class text CONSTRAINT referral_domain_class_is_known
      CHECK (domain_class IN ('familiar', 'unfamiliar', 'disposable', 'unjudged'));
CREATE INDEX conversion_by_time ON referral.conversion (converted_at);

-- Every new conversion is due at once; those that stood before these rules are let be.
ALTER TABLE referral.standing ADD cards_due_at timestamptz;
ALTER TABLE referral.standing ALTER cards_due_at SET DEFAULT '-infinity';
COMMENT ON COLUMN referral.standing.cards_due_at IS 'when to ask Stripe with which cards both people paid; null: it was asked';
CREATE INDEX standing_cards_due ON referral.standing (cards_due_at) WHERE cards_due_at IS NOT NULL;
