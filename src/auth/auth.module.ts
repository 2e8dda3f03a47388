import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { NotificationsModule } from '../notifications/index.js';
import { ReferralModule } from '../referral/index.js';
import { AccountClosure, UserErasure } from './users/account-closure.js';
import { AuthDataExport } from './users/auth-data-export.js';
import { SignInController } from './sign-in/sign-in.controller.js';
import { AuthService } from './auth.service.js';
import { EmailRecipients } from './users/email-recipients.js';
import { ChallengeService } from './sign-in/challenge.service.js';
import { ReferralClaimants } from './sign-in/referral-claimants.js';
import { CodeVerification } from './sign-in/code-verification.js';
import { Cookies } from './sessions/cookies.js';
import { SessionList } from './sessions/session-list.js';
import { EmailChangeService, EmailChangePublisher } from './profile/email-change.service.js';
import { InvitationService } from './invitations/invitation.service.js';
import { InvitationsController } from './invitations/invitations.controller.js';
import { KnownDevices } from './sessions/known-devices.js';
import { ReferralLinkCookie } from './invitations/referral-link-cookie.js';
import { ShortLinkController } from './invitations/short-link.controller.js';
import { LanguageController } from './profile/language.controller.js';
import { LoginController } from './sign-in/login.controller.js';
import { LogoutController } from './sessions/logout.controller.js';
import { FormerMailboxes } from './profile/former-mailboxes.js';
import { SignUpService } from './sign-in/sign-up.service.js';
import { PendingSignInCookie } from './sign-in/pending-sign-in-cookie.js';
import { ProfileController } from './profile/profile.controller.js';
import { ProfileService } from './profile/profile.service.js';
import { TrustedDevices } from './sign-in/trusted-devices.js';
import { AuthRetention } from './auth-retention.js';
import { UserRoles } from './users/user-roles.js';
import { SessionAuthenticator } from './sessions/session-authenticator.js';
import { SessionService, StaffSignOut } from './sessions/session.service.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { SignInService } from './sign-in/sign-in.service.js';
import { SignInCodes } from './sign-in/sign-in-codes.js';
import { SignInLimits } from './sign-in/sign-in-limits.js';
import { UserImport } from './users/user-import.js';
import { UsersRepository } from './users/users.repository.js';
import { VerifyController } from './sign-in/verify.controller.js';
import { FormerMailboxEntity } from './profile/former-mailbox.entity.js';
import { KnownDeviceEntity } from './sessions/known-device.entity.js';
import { SessionEntity } from './sessions/session.entity.js';
import { ChallengeEntity } from './sign-in/challenge.entity.js';
import { UserEntity } from './users/user.entity.js';

const entities = [FormerMailboxEntity, KnownDeviceEntity, SessionEntity, ChallengeEntity, UserEntity];

@Module({
  imports: [TypeOrmModule.forFeature(entities), NotificationsModule, ReferralModule],
  controllers: [
    SignInController,
    InvitationsController,
    LanguageController,
    LoginController,
    LogoutController,
    ProfileController,
    SessionsController,
    ShortLinkController,
    VerifyController,
  ],
  providers: [
    AccountClosure,
    AuthDataExport,
    AuthService,
    ChallengeService,
    CodeVerification,
    Cookies,
    SessionList,
    EmailChangeService,
    EmailChangePublisher,
    EmailRecipients,
    ReferralClaimants,
    UserErasure,
    InvitationService,
    ReferralLinkCookie,
    KnownDevices,
    FormerMailboxes,
    SignUpService,
    PendingSignInCookie,
    ProfileService,
    TrustedDevices,
    AuthRetention,
    UserRoles,
    SessionAuthenticator,
    SessionService,
    StaffSignOut,
    SignInService,
    SignInCodes,
    SignInLimits,
    UserImport,
    UsersRepository,
  ],
  exports: [
    StaffSignOut,
    ReferralLinkCookie,
    AccountClosure,
    AuthDataExport,
    AuthService,
    ChallengeService,
    SessionList,
    EmailChangeService,
    EmailRecipients,
    InvitationService,
    ProfileService,
    TrustedDevices,
    ReferralClaimants,
    AuthRetention,
    SessionAuthenticator,
  ],
})
export class AuthModule {}
