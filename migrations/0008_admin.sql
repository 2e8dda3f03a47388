-- What the console lists: one row a user, from the modules that know something of them.
CREATE SCHEMA admin;

CREATE VIEW admin.user_row AS
SELECT u.id, u.email, u.display_name, u.role, u.created_at, b.tier, b.tier_expires_at, c.until AS credit_until
FROM auth."user" u
JOIN billing.account b ON b.user_id = u.id
JOIN credit.account c ON c.user_id = u.id;
