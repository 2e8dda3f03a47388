import { Body, Controller, HttpCode, Post, Put, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Database } from '../../platform/database/database.js';
import { CurrentUser, Authenticated } from '../../platform/security/auth.decorators.js';
import type { Principal } from '../../platform/security/principal.js';
import { Problems } from '../../platform/http/openapi/problems.decorator.js';
import { requesterOf } from '../sign-in/requester.js';
import { EmailChangeService } from './email-change.service.js';
import { ChangeEmailDto, UpdateProfileDto } from './profile.dto.js';
import { ProfileService } from './profile.service.js';
import { codeProblems } from '../sign-in/code-problems.js';
import { TrustedDevices } from '../sign-in/trusted-devices.js';
import { toUserDto, UserDto } from '../users/user.dto.js';

@ApiTags('me')
@Controller('api/v1/me')
@Authenticated()
export class ProfileController {
  constructor(
    private readonly profileService: ProfileService,
    private readonly emailChangeService: EmailChangeService,
    private readonly devices: TrustedDevices,
    private readonly database: Database,
  ) {}

  /** Changes how I am named and addressed. */
  @Put()
  @Problems('request.not_found')
  async updateMe(@CurrentUser() me: Principal, @Body() body: UpdateProfileDto): Promise<UserDto> {
    return toUserDto(
      await this.database.transaction((tx) => this.profileService.update(tx, me.userId, body)),
    );
  }

  /** Moves my account to another address. */
  @Post('email')
  @Problems('request.not_found', ...codeProblems, 'auth.fresh_sign_in_needed', 'auth.email_taken')
  @HttpCode(200)
  async changeEmail(
    @CurrentUser() me: Principal,
    @Body() body: ChangeEmailDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserDto> {
    const { challengeId, code, currentChallengeId, currentCode } = body;
    const currentAddress =
      currentChallengeId === undefined || currentCode === undefined
        ? null
        : { challengeId: currentChallengeId, code: currentCode };
    const codes = { newAddress: { challengeId, code }, currentAddress };
    this.devices.trust(request, reply, await this.emailChangeService.change(me, codes, requesterOf(request)));
    return toUserDto(await this.profileService.findUser(me.userId));
  }
}
