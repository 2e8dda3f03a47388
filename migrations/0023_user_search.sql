-- Staff look for parts of addresses and names. Trigrams find them among millions; the extension comes with PostgreSQL and
-- may be made by whoever owns the database. Where it is missing the search goes on reading everybody.
DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm') THEN
    CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
    -- built at once: small where this release is new, and the lock it takes lets readers read
    CREATE INDEX user_by_words ON auth."user" USING gin (email public.gin_trgm_ops, display_name public.gin_trgm_ops);
  END IF;
EXCEPTION WHEN insufficient_privilege THEN
  RAISE NOTICE 'pg_trgm may not be made here: the search for users reads everybody';
END $$;
