-- Upper case, letters and digits only: two codes that are the same then are one code to whoever reads them out.
CREATE FUNCTION referral.code_key(code text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN regexp_replace(upper(code), '[^A-Z0-9]', '', 'g');

-- Of codes that were given to two people before, the older one keeps all its spellings; the other works as it is written.
ALTER TABLE referral.code ADD is_ambiguous boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN referral.code.is_ambiguous IS 'an older code differs only by its hyphens: this one is found by its exact spelling alone';
WITH twins AS (
  SELECT code, row_number() OVER (PARTITION BY referral.code_key(code) ORDER BY created_at, code) AS place FROM referral.code
)
UPDATE referral.code c SET is_ambiguous = true FROM twins WHERE twins.code = c.code AND twins.place > 1;

-- safe beside the release before: it takes any refusal for a code that is taken; a million codes are sorted in two seconds
CREATE UNIQUE INDEX code_is_one_in_any_spelling ON referral.code (referral.code_key(code)) WHERE NOT is_ambiguous;
