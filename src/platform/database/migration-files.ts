/** Every migration, in order. A landed file is never edited: the next change is the next file. */
export const migrationFiles = [
  '0001_platform.sql',
  '0002_auth.sql',
  '0003_credit.sql',
  '0004_referral.sql',
  '0005_billing.sql',
  '0006_mail.sql',
  '0007_settings.sql',
  '0008_admin.sql',
  '0009_reversals.sql',
  '0010_credit_delivery.sql',
  '0011_reconcile.sql',
  '0012_money_told.sql',
  '0013_programme.sql',
  '0014_fraud.sql',
  '0016_letters.sql',
  '0018_terms_admin.sql',
];
