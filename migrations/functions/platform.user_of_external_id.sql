-- The present account of a person whom another product knows by this id; null for an unknown one.
CREATE OR REPLACE FUNCTION platform.user_of_external_id(external text) RETURNS uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  RETURN (SELECT platform.current_account_of(u.id) FROM auth."user" u WHERE u.external_id = external);
END $$;
