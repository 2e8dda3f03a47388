import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Clock } from '../platform/clock.js';
import { after, dayMs } from '../platform/durations.js';
import { alerts } from '../platform/metrics/registry.js';
import { ReferralService, Visits, type Touch } from '../referral/index.js';
import { Cookies } from './cookies.js';
import { Invitations, type Invitation } from './invitations.js';

/** An invitation that was followed in this browser: whose code, when, and by which campaign and page. */
export interface FollowedLink {
  code: string;
  at: string;
  touch: Touch;
}

const campaign = {
  source: 'utm_source',
  medium: 'utm_medium',
  campaign: 'utm_campaign',
  term: 'utm_term',
  content: 'utm_content',
};
const longest = 100;
/** What follows links by itself: it is no visit. */
const robots =
  /bot|crawl|spider|slurp|preview|facebookexternalhit|whatsapp|telegram|curl|wget|monitor|headlesschrome-lighthouse/i;

/** Invitations that people followed, kept in a signed cookie for as long as the terms say, first or last touch. */
@Injectable()
export class FollowedLinks {
  constructor(
    private readonly cookies: Cookies,
    private readonly invitations: Invitations,
    private readonly referrals: ReferralService,
    private readonly visits: Visits,
    private readonly clock: Clock,
  ) {}

  /** Notes that `code` was followed. Null, with nothing noted, when it is nobody's. */
  async follow(request: FastifyRequest, reply: FastifyReply, code: string): Promise<Invitation | null> {
    const invitation = await this.invitations.invitedBy(code.slice(0, longest));
    if (invitation === null) return null;
    await this.count(request, invitation.code);
    const { attribution, attributionDays } = await this.referrals.currentTerms();
    const before = await this.of(request);
    if (attribution === 'first_touch' && before !== null) return this.invitations.invitedBy(before.code);
    const link: FollowedLink = {
      code: invitation.code,
      at: this.clock.now().toISOString(),
      touch: touchOf(request),
    };
    this.cookies.setSigned(reply, 'tf_ref', JSON.stringify(link), attributionDays * dayMs);
    return invitation;
  }

  /** The invitation that this browser followed and that still counts; null without one. */
  async of(request: FastifyRequest): Promise<FollowedLink | null> {
    const link = read(this.cookies.getSigned(request, 'tf_ref'));
    if (link === null) return null;
    const { attributionDays } = await this.referrals.currentTerms();
    const isOver = after(new Date(link.at), attributionDays * dayMs) <= this.clock.now();
    return isOver ? null : link;
  }

  /** A visit that cannot be counted keeps nobody from signing in. */
  private async count({ headers }: FastifyRequest, code: string): Promise<void> {
    if (robots.test(headers['user-agent'] ?? '') || headers['sec-purpose'] === 'prefetch') return;
    await this.visits.count(code).catch(() => alerts.inc({ name: 'visit.not_counted' }));
  }
}

/** What the cookie of an older version holds is a code alone; it counts no longer. */
function read(signed: string | null): FollowedLink | null {
  if (signed?.startsWith('{') !== true) return null;
  return JSON.parse(signed) as FollowedLink; // signed: nobody else wrote it
}

function touchOf(request: FastifyRequest): Touch {
  const query = request.query as Record<string, unknown>;
  const touch: Touch = { landing: request.url.split('?')[0]?.slice(0, longest) ?? '/' };
  for (const [name, parameter] of Object.entries(campaign)) {
    const value = query[parameter];
    // eslint-disable-next-line no-control-regex -- what cannot be seen has no place in a name
    const text = typeof value === 'string' ? value.replaceAll(/[\u0000-\u001f\u007f]/g, '').trim() : '';
    if (text !== '') touch[name as keyof typeof campaign] = text.slice(0, longest);
  }
  return touch;
}
