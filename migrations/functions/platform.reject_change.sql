-- The trigger of append-only tables. A table with this trigger is granted to the application role
-- without UPDATE and DELETE.
CREATE OR REPLACE FUNCTION platform.reject_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%.% is append-only: insert a new row instead', TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;
