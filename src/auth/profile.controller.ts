import { Body, Controller, HttpCode, Post, Put, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Database } from '../platform/database/database.js';
import { Me, SignedIn } from '../platform/http/access.js';
import type { Principal } from '../platform/http/principal.js';
import { askerOf } from './asker.js';
import { EmailChange } from './email-change.js';
import { EmailUpdate, ProfileUpdate } from './profile.dto.js';
import { Profiles } from './profile.js';
import { ProvenDevices } from './proven-devices.js';
import { userView, type UserView } from './user.js';

@ApiTags('me')
@Controller('api/v1/me')
@SignedIn()
export class ProfileController {
  constructor(
    private readonly profiles: Profiles,
    private readonly emailChange: EmailChange,
    private readonly devices: ProvenDevices,
    private readonly database: Database,
  ) {}

  /** Changes how I am named and addressed. */
  @Put()
  async update(@Me() me: Principal, @Body() body: ProfileUpdate): Promise<UserView> {
    return userView(await this.database.transaction((tx) => this.profiles.update(tx, me.userId, body)));
  }

  /** Moves my account to another address. */
  @Post('email')
  @HttpCode(200)
  async changeEmail(
    @Me() me: Principal,
    @Body() body: EmailUpdate,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserView> {
    const { challengeId, code, currentChallengeId, currentCode } = body;
    const current =
      currentChallengeId === undefined || currentCode === undefined
        ? null
        : { challengeId: currentChallengeId, code: currentCode };
    const proofs = { next: { challengeId, code }, current };
    this.devices.remember(request, reply, await this.emailChange.change(me, proofs, askerOf(request)));
    return userView(await this.profiles.of(me.userId));
  }
}
