-- A referral that a merge of accounts closed never converts: so one person converts at most once. Neither
-- does one whose first payment was rewarded by the tool that was used before.
CREATE OR REPLACE FUNCTION referral.skip_closed_referral() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM referral.referral r WHERE r.id = NEW.referral_id
      AND (r.closed_at IS NOT NULL OR r.rewarded_elsewhere_at IS NOT NULL)) THEN
    RETURN NULL;
  END IF;
  RETURN NEW;
END $$;
