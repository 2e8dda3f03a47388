import { Module } from '@nestjs/common';
import { MailModule } from '../mail/index.js';
import { ReferralModule } from '../referral/index.js';
import { AccountEnds } from './account-ends.js';
import { AuthExport } from './auth-export.js';
import { AccountLetters } from './letters/account-letters.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { Challenges } from './challenges.js';
import { CodeChecks } from './code-checks.js';
import { Cookies } from './cookies.js';
import { Devices } from './devices.js';
import { EmailChange } from './email-change.js';
import { EmailNotices } from './email-notices.js';
import { Erasure } from './erasure.js';
import { Invitations } from './invitations.js';
import { InvitationsController } from './invitations.controller.js';
import { KnownDevices } from './known-devices.js';
import { LetterChoices } from './letters/letter-choices.js';
import { Post } from './letters/post.js';
import { ReferralLetters } from './letters/referral-letters.js';
import { UnsubscribeLinks } from './letters/unsubscribe-links.js';
import { FollowedLinks } from './followed-links.js';
import { ShortLinkController } from './short-link.controller.js';
import { LanguageController } from './language.controller.js';
import { LoginController } from './login.controller.js';
import { LogoutController } from './logout.controller.js';
import { MailboxMoves } from './mailbox-moves.js';
import { MoneyLetters } from './letters/money-letters.js';
import { Newcomers } from './newcomers.js';
import { PendingSignIns } from './pending-sign-in.js';
import { ProfileController } from './profile.controller.js';
import { Profiles } from './profile.js';
import { ProvenDevices } from './proven-devices.js';
import { Retention } from './retention.js';
import { Roles } from './roles.js';
import { SessionAuthenticator } from './session-authenticator.js';
import { Sessions } from './sessions.js';
import { SignOuts } from './sign-outs.js';
import { SessionsController } from './sessions.controller.js';
import { SignIn } from './sign-in.js';
import { SignInCodes } from './sign-in-codes.js';
import { SignInLimits } from './sign-in-limits.js';
import { UnsubscribeController } from './unsubscribe.controller.js';
import { UserImport } from './user-import.js';
import { Users } from './users.js';
import { VerifyController } from './verify.controller.js';

@Module({
  imports: [MailModule, ReferralModule],
  controllers: [
    AuthController,
    InvitationsController,
    LanguageController,
    LoginController,
    LogoutController,
    ProfileController,
    SessionsController,
    ShortLinkController,
    UnsubscribeController,
    VerifyController,
  ],
  providers: [
    AccountEnds,
    AccountLetters,
    AuthExport,
    AuthService,
    Challenges,
    CodeChecks,
    Cookies,
    Devices,
    EmailChange,
    EmailNotices,
    Erasure,
    Invitations,
    FollowedLinks,
    KnownDevices,
    LetterChoices,
    MailboxMoves,
    MoneyLetters,
    Newcomers,
    PendingSignIns,
    Post,
    Profiles,
    ProvenDevices,
    ReferralLetters,
    Retention,
    Roles,
    SessionAuthenticator,
    Sessions,
    SignOuts,
    SignIn,
    SignInCodes,
    SignInLimits,
    UnsubscribeLinks,
    UserImport,
    Users,
  ],
  exports: [
    SignOuts,
    FollowedLinks,
    AccountEnds,
    AccountLetters,
    AuthExport,
    AuthService,
    Challenges,
    Devices,
    EmailChange,
    Invitations,
    LetterChoices,
    MoneyLetters,
    Profiles,
    ProvenDevices,
    ReferralLetters,
    Retention,
    SessionAuthenticator,
  ],
})
export class AuthModule {}
