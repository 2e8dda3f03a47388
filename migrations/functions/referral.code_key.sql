-- Upper-case letters and digits only: codes with the same key sound the same when read out.
-- An index uses it: a change of its result needs a migration that rebuilds the index.
CREATE OR REPLACE FUNCTION referral.code_key(code text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN regexp_replace(upper(code), '[^A-Z0-9]', '', 'g');
