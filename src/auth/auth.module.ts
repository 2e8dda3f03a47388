import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { NotificationsModule } from '../notifications/index.js';
import { ReferralModule } from '../referral/index.js';
import { ApiKeyEntity } from './api-keys/api-key.entity.js';
import { ApiKeyLimits } from './api-keys/api-key-limits.js';
import { ApiKeysRepository } from './api-keys/api-keys.repository.js';
import { ApiKeys } from './api-keys/api-keys.service.js';
import { PersonTokens } from './api-keys/person-tokens.js';
import { TokenAuthenticator } from './api-keys/token-authenticator.js';
import { AuthRetention } from './auth-maintenance.js';
import { AuthService } from './auth.service.js';
import { InvitationService } from './invitations/invitation.service.js';
import { InvitationsController } from './invitations/invitations.controller.js';
import { InvitationPictureController } from './invitations/pictures/invitation-picture.controller.js';
import { InvitationPictures } from './invitations/pictures/invitation-pictures.js';
import { ReferralLinkCookie } from './invitations/referral-link-cookie.js';
import { EmailChanger, EmailChangeService, EmailChangePublisher } from './profile/email-change.service.js';
import { FormerMailboxEntity } from './profile/former-mailbox.entity.js';
import { FormerMailboxes } from './profile/former-mailboxes.js';
import { LanguageController, ProfileController } from './profile/profile.controller.js';
import { ProfileService } from './profile/profile.service.js';
import { TimeZoneQuestion } from './profile/time-zone-question.js';
import { Cookies } from './sessions/cookies.js';
import { KnownDeviceEntity } from './sessions/known-device.entity.js';
import { SessionAuthenticator } from './sessions/session-authenticator.js';
import { SessionEntity } from './sessions/session.entity.js';
import { SessionService, StaffSignOut } from './sessions/session.service.js';
import { LogoutController, SessionsController } from './sessions/sessions.controller.js';
import { SessionsRepository } from './sessions/sessions.repository.js';
import { ChallengeEntity } from './sign-in/challenge.entity.js';
import { ChallengeService, SignInCodes } from './sign-in/challenge.service.js';
import { ChallengesRepository } from './sign-in/challenges.repository.js';
import { CodeAttempts, CodeVerification } from './sign-in/code-verification.js';
import { LoginController } from './sign-in/login.controller.js';
import { PendingSignInCookie } from './sign-in/pending-sign-in-cookie.js';
import { AuthenticatorAppEntity } from './second-factor/authenticator-app.entity.js';
import { PasskeyEntity } from './second-factor/passkey.entity.js';
import { Passkeys } from './second-factor/passkeys.js';
import { RecoveryCodeEntity } from './second-factor/recovery-code.entity.js';
import { SecondFactorEnrolment } from './second-factor/second-factor-enrolment.js';
import { SecondFactorSettingsController } from './second-factor/second-factor-settings.controller.js';
import { SecondFactorStepUp } from './second-factor/second-factor-step-up.js';
import {
  SecondFactorApiController,
  SecondFactorController,
} from './second-factor/second-factor.controller.js';
import { SecondFactorService } from './second-factor/second-factor.service.js';
import { SecondFactorVerifier } from './second-factor/second-factor-verifier.js';
import { SecondFactorsRepository } from './second-factor/second-factors.repository.js';
import { WrongFactors } from './second-factor/wrong-factors.js';
import { UsedProofEntity } from './second-factor/used-proof.entity.js';
import { SignInLimits } from './sign-in/sign-in-limits.js';
import { SignInController } from './sign-in/sign-in.controller.js';
import { SignInService } from './sign-in/sign-in.service.js';
import { StepUpService } from './sign-in/step-up.service.js';
import { StepUpPages } from './sign-in/step-up-pages.js';
import { SignUpService } from './sign-in/sign-up.service.js';
import { TrustedDevices } from './sign-in/trusted-devices.js';
import { VerifyController } from './sign-in/verify.controller.js';
import { SsoController } from './sso/sso.controller.js';
import { SsoService } from './sso/sso.service.js';
import { SsoTokens } from './sso/sso-tokens.js';
import { UsedSsoTokenEntity } from './sso/used-sso-token.entity.js';
import { UsedSsoTokensRepository } from './sso/used-sso-tokens.repository.js';
import { StaffInvitationController } from './staff/staff-invitation.controller.js';
import { StaffInvitationEntity } from './staff/staff-invitation.entity.js';
import { StaffInvitations } from './staff/staff-invitations.js';
import { StaffInvitationsRepository } from './staff/staff-invitations.repository.js';
import { StaffSessions } from './staff/staff-sessions.js';
import { EmailRecipients, ReferralClaimants, UserNames } from './user-adapters.js';
import { AccountClosure, UserErasure } from './users/account-closure.js';
import { AuthDataRepository } from './users/auth-data.repository.js';
import { ExternalPeople } from './users/external-people.js';
import { ExternalPeopleRepository } from './users/external-people.repository.js';
import { UserImport } from './users/user-import.js';
import { UserRoles } from './users/user-roles.js';
import { UserEntity } from './users/user.entity.js';
import { UsersRepository } from './users/users.repository.js';

const entities = [
  ApiKeyEntity,
  AuthenticatorAppEntity,
  PasskeyEntity,
  RecoveryCodeEntity,
  StaffInvitationEntity,
  UsedProofEntity,
  FormerMailboxEntity,
  KnownDeviceEntity,
  SessionEntity,
  UsedSsoTokenEntity,
  ChallengeEntity,
  UserEntity,
];

@Module({
  imports: [TypeOrmModule.forFeature(entities), NotificationsModule, ReferralModule],
  controllers: [
    SignInController,
    InvitationsController,
    LanguageController,
    LoginController,
    LogoutController,
    ProfileController,
    SecondFactorApiController,
    SecondFactorController,
    SecondFactorSettingsController,
    SessionsController,
    InvitationPictureController,
    SsoController,
    StaffInvitationController,
    VerifyController,
  ],
  providers: [
    AccountClosure,
    ApiKeyLimits,
    ApiKeys,
    ApiKeysRepository,
    TokenAuthenticator,
    PersonTokens,
    AuthService,
    ChallengeService,
    CodeAttempts,
    CodeVerification,
    Cookies,
    EmailChangeService,
    EmailChanger,
    EmailChangePublisher,
    EmailRecipients,
    ExternalPeople,
    ExternalPeopleRepository,
    ReferralClaimants,
    UserNames,
    UserErasure,
    InvitationService,
    InvitationPictures,
    ReferralLinkCookie,
    FormerMailboxes,
    SignUpService,
    Passkeys,
    PendingSignInCookie,
    SecondFactorEnrolment,
    SecondFactorService,
    SecondFactorStepUp,
    SecondFactorVerifier,
    SecondFactorsRepository,
    WrongFactors,
    ProfileService,
    TimeZoneQuestion,
    TrustedDevices,
    AuthRetention,
    UserRoles,
    SessionAuthenticator,
    SessionService,
    StaffInvitations,
    StaffInvitationsRepository,
    StaffSessions,
    StaffSignOut,
    SignInService,
    StepUpService,
    StepUpPages,
    SignInCodes,
    SignInLimits,
    SsoService,
    SsoTokens,
    UserImport,
    UsersRepository,
    AuthDataRepository,
    ChallengesRepository,
    SessionsRepository,
    UsedSsoTokensRepository,
  ],
  exports: [
    StaffInvitations,
    StaffSessions,
    SecondFactorEnrolment,
    SecondFactorVerifier,
    ApiKeys,
    TokenAuthenticator,
    PersonTokens,
    StaffSignOut,
    ReferralLinkCookie,
    AccountClosure,
    UserErasure,
    AuthDataRepository,
    AuthService,
    ChallengeService,
    EmailChangeService,
    ExternalPeople,
    SignUpService,
    EmailRecipients,
    InvitationService,
    ProfileService,
    TimeZoneQuestion,
    TrustedDevices,
    ReferralClaimants,
    UserNames,
    AuthRetention,
    StepUpService,
    SessionAuthenticator,
    SessionService,
  ],
})
export class AuthModule {}
