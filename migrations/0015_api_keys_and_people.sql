ALTER TABLE auth."user" ADD COLUMN external_id text CONSTRAINT user_external_id_is_unique UNIQUE;
