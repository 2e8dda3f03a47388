export { AccountClosure, UserErasure } from './users/account-closure.js';
export { codeProblems } from './sign-in/code-problems.js';
export { SubmittedCodeDto } from './sign-in/sign-in.dto.js';
export { requesterOf, type Requester } from './sign-in/requester.js';
export { AuthDataExport } from './users/auth-data-export.js';
export { AuthModule } from './auth.module.js';
export { AuthService } from './auth.service.js';
export { EmailRecipients } from './users/email-recipients.js';
export { checkEmailAddresses } from './users/check-email-addresses.js';
export { ChallengeService } from './sign-in/challenge.service.js';
export { SessionList } from './sessions/session-list.js';
export { SessionDto } from './sessions/session.dto.js';
export { EmailChangeService } from './profile/email-change.service.js';
export { ReferralLinkCookie } from './invitations/referral-link-cookie.js';
export { flagExistingEmails } from './users/user-import.js';
export { InvitationService, type Invitation } from './invitations/invitation.service.js';
export { ProfileService, type ProfileChanges } from './profile/profile.service.js';
export { TrustedDevices } from './sign-in/trusted-devices.js';
export { ReferralClaimants } from './sign-in/referral-claimants.js';
export { AuthRetention } from './auth-retention.js';
export { SessionAuthenticator } from './sessions/session-authenticator.js';
export { StaffSignOut } from './sessions/session.service.js';
export { publicName, type User } from './users/user.js';
export type {
  AccountsMerged,
  ChallengeIssued,
  NewDeviceSignedIn,
  EmailChanged,
  UsersErased,
} from './auth.events.js';
