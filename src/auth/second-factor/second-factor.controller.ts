import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import { Problems } from '../../platform/http/openapi/problems.decorator.js';
import { getTranslator } from '../../platform/i18n/translations.js';
import { Authenticated, BeforeSecondFactor, CurrentUser } from '../../platform/security/auth.decorators.js';
import type { Principal } from '../../platform/security/principal.js';
import { Cookies } from '../sessions/cookies.js';
import { safeRedirect } from '../sign-in/safe-redirect.js';
import { SecondFactorStepUp } from './second-factor-step-up.js';
import { ProvenSessionDto, SubmittedFactorDto } from './second-factor.dto.js';
import { SecondFactorService } from './second-factor.service.js';
import { sendPage } from '../../platform/http/send-page.js';

/** The page after the emailed code, for people who have a second factor. */
@ApiExcludeController()
@Controller('second-factor')
@Authenticated()
@BeforeSecondFactor()
export class SecondFactorController {
  constructor(private readonly stepUp: SecondFactorStepUp) {}

  @Get()
  show(
    @CurrentUser() me: Principal,
    @Query('next') next: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.ask(me, typeof next === 'string' ? next : '', { request, reply });
  }

  @Post()
  prove(
    @CurrentUser() me: Principal,
    @Body() fields: FormFields | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.ask(me, textField(fields, 'next'), { request, reply });
  }

  private async ask(
    me: Principal,
    next: string,
    { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  ): Promise<void> {
    const target = safeRedirect(next) ?? '/settings';
    if (!me.hasSecondFactor || me.secondFactorAt !== null) return void reply.redirect(target, 303);
    const step = await this.stepUp.advance(
      { request, reply, principal: me },
      {
        action: '/second-factor',
        fields: [['next', target]],
        why: getTranslator(me.locale)('secondFactor.prove.whySignIn'),
      },
    );
    if ('userId' in step) return void reply.redirect(target, 303);
    sendPage(reply.header('cache-control', 'no-store'), step.page, step.status);
  }
}

@ApiTags('auth')
@Controller('api/v1/auth/second-factor')
@Authenticated()
@BeforeSecondFactor()
export class SecondFactorApiController {
  constructor(
    private readonly secondFactor: SecondFactorService,
    private readonly cookies: Cookies,
  ) {}

  /**
   * Proves a second factor of this session, after its sign-in or when it must be recent. The
   * session gets a new token.
   */
  @Post()
  @Problems('auth.second_factor_wrong', 'auth.too_many')
  async proveSecondFactor(
    @CurrentUser() me: Principal,
    @Body() { code }: SubmittedFactorDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProvenSessionDto> {
    const { token, expiresAt } = await this.secondFactor.prove(me, { code, passkey: '' });
    if (me.via === 'cookie') this.cookies.writeSession(reply, token);
    return { token, expiresAt };
  }
}
