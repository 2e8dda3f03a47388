import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ChallengeRequest } from './auth.dto.js';
import { localeOf } from '../platform/locale/request-locale.js';
import { askerOf } from './asker.js';
import { Challenges } from './challenges.js';
import { Cookies } from './cookies.js';
import { GivenCodeBody } from './given-code.dto.js';
import { FollowedLinks } from './followed-links.js';
import { SignIn } from './sign-in.js';
import { ProvenDevices } from './proven-devices.js';
import { userView, type UserView } from './user.js';

/** A code is on its way. `invitedBy` tells whose invitation was kept with it. */
interface ChallengeView {
  challengeId: string;
  expiresAt: string;
  invitedBy: { label: string } | null;
}

/** A new session; the token is shown this once. */
interface SessionView {
  token: string;
  expiresAt: string;
  user: UserView;
}

@ApiTags('auth')
@Controller('api/v1/auth')
export class AuthController {
  constructor(
    private readonly challenges: Challenges,
    private readonly signIn: SignIn,
    private readonly devices: ProvenDevices,
    private readonly cookies: Cookies,
    private readonly links: FollowedLinks,
  ) {}

  /** Mails a code to an address. The same answer whether or not the address is known. */
  @Post('challenges')
  @HttpCode(202)
  async challenge(@Body() body: ChallengeRequest, @Req() request: FastifyRequest): Promise<ChallengeView> {
    const link = await this.links.of(request);
    const ref = body.ref || (link?.code ?? null);
    const challenge = await this.challenges.request({
      email: body.email,
      ref,
      asker: askerOf(request),
      locale: localeOf(request),
      touch: link?.touch ?? null,
    });
    return {
      challengeId: challenge.challengeId,
      expiresAt: challenge.expiresAt.toISOString(),
      invitedBy: challenge.invitedBy && { label: challenge.invitedBy.label },
    };
  }

  /** Signs in with a code. */
  @Post('sessions')
  async session(
    @Body() body: GivenCodeBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionView> {
    const [asker, client] = [askerOf(request), this.cookies.clientOf(request, reply)];
    const { token, expiresAt, user } = await this.signIn.withCode(body, client, asker);
    this.cookies.signIn(reply, token);
    this.devices.remember(request, reply, user.email, client.device);
    return { token, expiresAt: expiresAt.toISOString(), user: userView(user) };
  }
}
