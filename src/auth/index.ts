export {
  ApiKeys,
  type ApiKeyDetails,
  type CreatedApiKey,
  type NewApiKey,
} from './api-keys/api-keys.service.js';
export { PersonTokens, type PersonToken } from './api-keys/person-tokens.js';
export { TokenAuthenticator } from './api-keys/token-authenticator.js';
export { AccountClosure, UserErasure } from './users/account-closure.js';
export { AuthDataRepository } from './users/auth-data.repository.js';
export { codeProblems } from './sign-in/code-verification.js';
export { SubmittedCodeDto } from './sign-in/sign-in.dto.js';
export { requesterOf, type Requester } from './sign-in/requester.js';
export { AuthModule } from './auth.module.js';
export { AuthService } from './auth.service.js';
export { EmailRecipients, ReferralClaimants, UserNames } from './user-adapters.js';
export { checkSsoKeys } from './sso/check-sso-keys.js';
export { checkEmailAddresses, AuthRetention } from './auth-maintenance.js';
export { ChallengeService } from './sign-in/challenge.service.js';
export { SessionDto } from './sessions/session.dto.js';
export { EmailChangeService } from './profile/email-change.service.js';
export { readReferralCode, referralParameters } from './invitations/referral-parameters.js';
export {
  findExternalIds,
  lockActiveUsers,
  matchPeople,
  saveExternalIds,
  type PersonKeys,
  type PersonMatch,
} from './users/external-ids.js';
export { ReferralLinkCookie } from './invitations/referral-link-cookie.js';
export { InvitationService, type Invitation } from './invitations/invitation.service.js';
export { ProfileService } from './profile/profile.service.js';
export { TimeZoneQuestion } from './profile/time-zone-question.js';
export { TrustedDevices } from './sign-in/trusted-devices.js';
export { SessionAuthenticator } from './sessions/session-authenticator.js';
export { SessionService, StaffSignOut } from './sessions/session.service.js';
export { ExternalPeople, type ExternalPerson } from './users/external-people.js';
export { safeRedirect } from './sign-in/safe-redirect.js';
export { StepUpService } from './sign-in/step-up.service.js';
export { SecondFactorEnrolment } from './second-factor/second-factor-enrolment.js';
export { SecondFactorVerifier } from './second-factor/second-factor-verifier.js';
export { SignUpService } from './sign-in/sign-up.service.js';
export { UpdateProfileDto } from './profile/profile.dto.js';
export { viewerOf } from './sign-in/viewer.js';
export { flagExistingEmails, publicName, type User } from './users/users.repository.js';
export { apiKeyList } from './api-keys/api-keys.repository.js';
export { StaffInvitations, type FirstAdminOffer } from './staff/staff-invitations.js';
export type { OpenInvitation } from './staff/staff-invitations.repository.js';
export { StaffSessions, type StaffMember, type StaffSession } from './staff/staff-sessions.js';
export type {
  AccountsMerged,
  ChallengeIssued,
  NewDeviceSignedIn,
  SecondFactorAdded,
  SecondFactorGuessed,
  SecondFactorRemoved,
  StaffInvited,
  EmailChanged,
  UserCreated,
  UserUpdated,
  UsersErased,
} from './auth.events.js';
