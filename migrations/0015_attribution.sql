-- How people come to us: codes that they choose themselves, what they followed, and how often links are followed.
ALTER TABLE referral.code
  ADD kind text NOT NULL DEFAULT 'random' CONSTRAINT code_kind_is_known CHECK (kind IN ('random', 'chosen')),
  ADD works_until timestamptz,
  ADD blocked_at timestamptz,
  DROP CONSTRAINT code_is_eight_unambiguous_letters,
  ADD CONSTRAINT code_is_well_formed CHECK (CASE kind
    WHEN 'random' THEN code ~ '^[ABCDEFGHJKMNPQRSTUVWXYZ23456789]{8}$'
    ELSE code ~ '^[A-Z0-9]+(-[A-Z0-9]+)*$' AND length(code) BETWEEN 3 AND 24 END);
COMMENT ON COLUMN referral.code.works_until IS 'a code that was given up still works until then';
-- What is left of a code that somebody types with its dashes or mistaken letters must not be somebody else's.
CREATE UNIQUE INDEX code_cannot_be_mistaken
  ON referral.code (regexp_replace(code, '[^ABCDEFGHJKMNPQRSTUVWXYZ23456789]', '', 'g'))
  WHERE length(regexp_replace(code, '[^ABCDEFGHJKMNPQRSTUVWXYZ23456789]', '', 'g')) = 8;
CREATE INDEX code_by_user ON referral.code (user_id, created_at);

ALTER TABLE referral.referral
  ADD touch jsonb,
  DROP CONSTRAINT referral_origin_is_known,
  ADD CONSTRAINT referral_origin_is_known CHECK (origin IN ('sign_up', 'claim', 'import', 'admin', 'merge'));
COMMENT ON COLUMN referral.referral.touch IS 'the campaign and the page that somebody came by; nothing about the person';
ALTER TABLE auth.challenge ADD touch jsonb;

-- How often the links of a code were followed on a day (UTC). Nobody is counted, only visits.
CREATE TABLE referral.visit (
  code   text NOT NULL REFERENCES referral.code ON DELETE CASCADE,
  day    date NOT NULL,
  visits integer NOT NULL CONSTRAINT visit_counts_from_one CHECK (visits >= 1),
  PRIMARY KEY (code, day)
);
