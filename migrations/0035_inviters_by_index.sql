-- Who invited most in a period is counted by index alone; the view with what came of each invitation needs the rows.
CREATE OR REPLACE VIEW admin.referral_time AS SELECT linked_at, referrer_id FROM referral.referral;
