import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Clock } from '../../platform/clock.js';
import { addMs, dayMs } from '../../platform/durations.js';
import {
  channelParameter,
  ClickCounter,
  parseChannel,
  ProgrammeTerms,
  type CampaignParams,
} from '../../referral/index.js';
import { Cookies } from '../sessions/cookies.js';
import { InvitationService, type Invitation } from './invitation.service.js';
import { shortenCode } from './referral-parameters.js';

/**
 * An invitation that was followed in this browser: whose code, when, and by which campaign and
 * page.
 */
export interface ReferralClick {
  code: string;
  at: string;
  campaign: CampaignParams;
}

const utmParameters = {
  source: 'utm_source',
  medium: 'utm_medium',
  campaign: 'utm_campaign',
  term: 'utm_term',
  content: 'utm_content',
};
const maxLength = 100;
/** What follows links by itself: it is no visit. */
const botUserAgents =
  /bot|crawl|spider|slurp|preview|facebookexternalhit|whatsapp|telegram|curl|wget|monitor|headlesschrome-lighthouse/i;

/**
 * Invitations that people followed, kept in a signed cookie for as long as the terms say, first or
 * last touch.
 */
@Injectable()
export class ReferralLinkCookie {
  constructor(
    private readonly cookies: Cookies,
    private readonly invitationService: InvitationService,
    private readonly terms: ProgrammeTerms,
    private readonly clickCounter: ClickCounter,
    private readonly clock: Clock,
  ) {}

  /** Notes that `code` was followed. Null, with nothing noted, when no user has it. */
  async recordClick(request: FastifyRequest, reply: FastifyReply, code: string): Promise<Invitation | null> {
    const invitation = await this.invitationService.findByCode(shortenCode(code));
    if (invitation === null) return null;
    const campaign = parseCampaign(request);
    if (isByPerson(request)) this.clickCounter.record(invitation.code, campaign.channel ?? null);
    const { attribution, attributionDays } = await this.terms.current();
    const previous = await this.read(request);
    if (attribution === 'first_touch' && previous !== null)
      return this.invitationService.findByCode(previous.code);
    const link: ReferralClick = {
      code: invitation.code,
      at: this.clock.now().toISOString(),
      campaign,
    };
    this.cookies.setSigned(reply, 'tf_ref', JSON.stringify(link), attributionDays * dayMs);
    return invitation;
  }

  /** The invitation that this browser followed and that still counts; null without one. */
  async read(request: FastifyRequest): Promise<ReferralClick | null> {
    const link = parseCookie(this.cookies.getSigned(request, 'tf_ref'));
    if (link === null) return null;
    const { attributionDays } = await this.terms.current();
    const isOver = addMs(new Date(link.at), attributionDays * dayMs) <= this.clock.now();
    return isOver ? null : link;
  }
}

function isByPerson({ headers }: FastifyRequest): boolean {
  return !botUserAgents.test(headers['user-agent'] ?? '') && headers['sec-purpose'] !== 'prefetch';
}

function parseCookie(signed: string | null): ReferralClick | null {
  // its signature was checked
  return signed === null ? null : (JSON.parse(signed) as ReferralClick);
}

function parseCampaign(request: FastifyRequest): CampaignParams {
  const query = request.query as Record<string, unknown>;
  const campaignParams: CampaignParams = { landing: request.routeOptions.url ?? '/' };
  const channel = parseChannel(query[channelParameter]);
  if (channel !== null) campaignParams.channel = channel;
  for (const [name, parameter] of Object.entries(utmParameters)) {
    const value = query[parameter];
    // eslint-disable-next-line no-control-regex -- what cannot be seen has no place in a name
    const text = typeof value === 'string' ? value.replaceAll(/[\u0000-\u001f\u007f]/g, '').trim() : '';
    if (text !== '') campaignParams[name as keyof typeof utmParameters] = text.slice(0, maxLength);
  }
  return campaignParams;
}
