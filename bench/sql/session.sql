-- Whose session this is: one look into a unique index.
SELECT s.id, s.user_id, u.email, u.display_name, u.locale, u.time_zone, u.role, s.seen_at
FROM auth.session s JOIN auth."user" u ON u.id = s.user_id
WHERE s.token_hash = sha256(convert_to('bench:' || :n, 'UTF8')) AND s.expires_at > now() AND u.erased_at IS NULL;
