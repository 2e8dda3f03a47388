import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Clock } from '../clock.js';
import { type Config, CONFIG } from '../config/config.js';
import { addMs, minuteMs } from '../durations.js';
import { DomainError } from '../errors.js';
import { ApiKeyGuard } from './api-key.guard.js';
import type { Scope } from './api-key.js';
import {
  BEFORE_SECOND_FACTOR_METADATA,
  PROOF_AGE_METADATA,
  ROLES_METADATA,
  SCOPES_METADATA,
} from './auth.decorators.js';
import { CsrfProtection } from './csrf-protection.js';
import { carriesPersonToken, isPersonTokenRoute, PersonTokenAuthenticator } from './person-token.js';
import { Authenticator, type Principal, type Role } from './principal.js';
import { StepUp } from './step-up.js';
import { wantsHtml } from '../http/wants-html.js';

/** What the decorators of a route say. */
interface RouteRules {
  roles: Role[] | undefined;
  scopes: Scope[] | undefined;
  isOpenBeforeSecondFactor: boolean;
  proofAgeMinutes: number | null | undefined;
}

/**
 * Finds out who asks, refuses changes that another site asks for in their name, and keeps to the
 * route's roles. What only admins may do (roles, credit, terms, merging, erasing, handing out data)
 * needs a proof that is not old, and so does the file of a list; see {@link StepUp}. A session that
 * has not proven its second factor opens the routes of {@link BeforeSecondFactor} alone: elsewhere
 * it is that of an anonymous visitor. Routes with scopes are for API keys alone, which open no
 * other route. A person token opens a few routes of its person, and else only what is open to
 * everybody.
 */
@Injectable()
export class AuthGuard implements CanActivate {
  /** By controller and handler: reading decorators costs more than all else here. */
  private readonly rules = new Map<unknown, Map<unknown, RouteRules>>();

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
    const { roles, scopes, isOpenBeforeSecondFactor, proofAgeMinutes } = this.rulesOf(context);
    if (carriesPersonToken(request) && (roles ?? scopes) !== undefined) {
      if (!isPersonTokenRoute(request)) throw new DomainError('auth.token_limited');
      request.tokenPerson = await this.personTokens.authenticate(request);
      return true;
    }
    if (scopes !== undefined) return this.apiKeys.check(context, scopes);
    // webhooks and metrics authenticate by themselves; health must answer without the database
    if (/^\/(webhooks|health|metrics)\b/.test(request.url)) return true;
    const principal = await this.authenticator.authenticate(request);
    this.csrf.check(request, principal);
    const mustProve = principal?.hasSecondFactor === true && principal.secondFactorAt === null;
    request.principal = mustProve && !isOpenBeforeSecondFactor ? null : principal;
    if (roles === undefined) return true;
    if (principal === null) throw new DomainError('auth.required');
    if (mustProve && !isOpenBeforeSecondFactor) throw new DomainError('auth.second_factor_required');
    if (!roles.includes(principal.role)) throw new DomainError('auth.forbidden');
    this.requireSecondFactorOfStaff(roles, principal);
    if (proofAgeMinutes !== undefined || roles.every((role) => role === 'admin'))
      await this.requireRecentProof(
        context,
        principal,
        proofAgeMinutes ?? this.config.recentSignInHours * 60,
      );
    return true;
  }

  private rulesOf(context: ExecutionContext): RouteRules {
    const [controller, handler] = [context.getClass(), context.getHandler()];
    const ofController = this.rules.get(controller) ?? new Map<unknown, RouteRules>();
    const known = ofController.get(handler);
    if (known !== undefined) return known;
    const read = <T>(key: symbol) =>
      this.reflector.getAllAndOverride<T | undefined>(key, [handler, controller]);
    const rules: RouteRules = {
      roles: read<Role[]>(ROLES_METADATA),
      scopes: read<Scope[]>(SCOPES_METADATA),
      isOpenBeforeSecondFactor: read<true>(BEFORE_SECOND_FACTOR_METADATA) === true,
      proofAgeMinutes: read<number | null>(PROOF_AGE_METADATA),
    };
    this.rules.set(controller, ofController.set(handler, rules));
    return rules;
  }

  /**
   * What is for staff only is closed to staff without a second factor, where they must have one.
   */
  private requireSecondFactorOfStaff(roles: Role[], { hasSecondFactor }: Principal): void {
    if (this.config.staffSecondFactor === 'required' && !roles.includes('user') && !hasSecondFactor)
      throw new DomainError('auth.second_factor_missing');
  }

  /**
   * A browser is asked for a second factor or a code in place, and goes on with its form once it
   * was right.
   */
  private async requireRecentProof(
    context: ExecutionContext,
    principal: Principal,
    minutes: number,
  ): Promise<void> {
    const provenAt = principal.secondFactorAt ?? principal.signedInAt;
    if (provenAt > addMs(this.clock.now(), -minutes * minuteMs)) return;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (principal.via === 'cookie' && wantsHtml(request)) {
      const reply = context.switchToHttp().getResponse<FastifyReply>();
      const step = await this.stepUp.advance({ request, reply, principal, minutes });
      if (!('page' in step)) {
        request.principal = step;
        return;
      }
      request.stepUpPage = step.page;
    }
    const within = minutes % 60 === 0 ? `${minutes / 60} hours` : `${minutes} minutes`;
    throw new DomainError('auth.step_up', {
      detail: principal.hasSecondFactor
        ? `This needs a second factor that was proven in the last ${within}. Send one to POST /api/v1/auth/second-factor, and use the token it answers.`
        : `This needs a sign-in of the last ${within}. Sign in again at /login?again=1, or request a new code with POST /api/v1/auth/challenges and use the token of POST /api/v1/auth/sessions.`,
    });
  }
}
