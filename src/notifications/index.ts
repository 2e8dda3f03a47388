export { NotificationsModule } from './notifications.module.js';
export { EmailRetention, NotificationsPersonalData } from './personal-data.js';
export { CapturedEmailsRepository } from './mailers/captured-emails.repository.js';
export { checkMailServer, capturedMailOf, type CapturedMail } from './mailers/mail-configuration.js';
export { ExampleReferrals, Recipients, type Recipient, RewardTexts } from './ports.js';
export {
  AccountEmails,
  type SealedEmailChange,
  type SealedSignInCode,
  type SealedStaffInvitation,
} from './emails/account-emails.js';
export { CreditEmails } from './emails/credit-emails.js';
export { ReferralEmails } from './emails/referral-emails.js';
export { WebhookEmails } from './emails/webhook-emails.js';
export { optionalEmails, type OptionalEmail } from './preferences/email-opt-out.entity.js';
export { EmailPreferences } from './preferences/email-preferences.js';
