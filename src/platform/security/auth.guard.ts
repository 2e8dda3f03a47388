import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Clock } from '../clock.js';
import { type Config, CONFIG } from '../config/config.js';
import { addMs, hourMs } from '../durations.js';
import { DomainError } from '../errors.js';
import { ApiKeyGuard } from './api-key.guard.js';
import type { Scope } from './api-key.js';
import { RECENT_SIGN_IN_METADATA, ROLES_METADATA, SCOPES_METADATA } from './auth.decorators.js';
import { CsrfProtection } from './csrf-protection.js';
import { carriesPersonToken, isPersonTokenRoute, PersonTokenAuthenticator } from './person-token.js';
import { Authenticator, type Principal, type Role } from './principal.js';
import { StepUp } from './step-up.js';
import { wantsHtml } from '../http/wants-html.js';

/**
 * Finds out who asks, refuses changes that another site asks for in their name, and keeps to the
 * route's roles. What only admins may do (roles, credit, terms, merging, erasing, handing out data)
 * needs a sign-in that is not old, and so does the file of a list; see {@link StepUp}.
 * Routes with scopes are for API keys alone, which open no other route. A person token opens a few
 * routes of its person, and else only what is open to everybody.
 */
@Injectable()
export class AuthGuard implements CanActivate {
  // eslint-disable-next-line max-params -- the one place that decides who may pass
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
    private readonly apiKeys: ApiKeyGuard,
    private readonly personTokens: PersonTokenAuthenticator,
    private readonly csrf: CsrfProtection,
    private readonly stepUp: StepUp,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const targets = [context.getHandler(), context.getClass()];
    const roles = this.reflector.getAllAndOverride<Role[] | undefined>(ROLES_METADATA, targets);
    const scopes = this.reflector.getAllAndOverride<Scope[] | undefined>(SCOPES_METADATA, targets);
    if (carriesPersonToken(request) && (roles ?? scopes) !== undefined) {
      if (!isPersonTokenRoute(request)) throw new DomainError('auth.token_limited');
      request.tokenPerson = await this.personTokens.authenticate(request);
      return true;
    }
    if (scopes !== undefined) return this.apiKeys.check(context, scopes);
    // webhooks and metrics authenticate by themselves; health must answer without the database
    if (/^\/(webhooks|health|metrics)\b/.test(request.url)) return true;
    const principal = await this.authenticator.authenticate(request);
    request.principal = principal;
    this.csrf.check(request, principal);
    if (roles === undefined) return true;
    if (principal === null) throw new DomainError('auth.required');
    if (!roles.includes(principal.role)) throw new DomainError('auth.forbidden');
    const asksForRecent = this.reflector.getAllAndOverride<true | undefined>(
      RECENT_SIGN_IN_METADATA,
      targets,
    );
    if (asksForRecent || roles.every((role) => role === 'admin'))
      await this.requireRecentSignIn(context, principal);
    return true;
  }

  /** A browser is asked for a code in place, and goes on with its form once the code was right. */
  private async requireRecentSignIn(context: ExecutionContext, principal: Principal): Promise<void> {
    const { recentSignInHours } = this.config;
    if (principal.signedInAt > addMs(this.clock.now(), -recentSignInHours * hourMs)) return;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (principal.via === 'cookie' && wantsHtml(request)) {
      const reply = context.switchToHttp().getResponse<FastifyReply>();
      const step = await this.stepUp.advance(request, reply, principal);
      if (!('page' in step)) {
        request.principal = step;
        return;
      }
      request.stepUpPage = step.page;
    }
    throw new DomainError('auth.step_up', {
      detail: `This needs a sign-in of the last ${recentSignInHours} hours. Sign in again at /login?again=1, or request a new code with POST /api/v1/auth/challenges and use the token of POST /api/v1/auth/sessions.`,
    });
  }
}
