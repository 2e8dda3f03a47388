import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { viewerOf } from '../auth/index.js';
import { getTranslator } from '../platform/i18n/translations.js';
import { formatDate } from '../platform/ui/date-time.js';
import { CsrfProtection } from '../platform/security/csrf-protection.js';
import type { Principal } from '../platform/security/principal.js';
import type { Viewer } from '../platform/ui/layout.js';
import { RewardOffers, type NoticeReader, type RewardModel } from '../referral/index.js';

/** What every page shows: who views it, and what the programme gives. */
@Injectable()
export class PageContext {
  constructor(
    private readonly csrfProtection: CsrfProtection,
    private readonly offers: RewardOffers,
  ) {}

  /** Who views a page; null for an anonymous visitor. */
  viewer(principal: Principal | null): Viewer | null {
    return principal === null ? null : this.signedInViewer(principal);
  }

  /** Who views a page for people who are signed in. */
  signedInViewer(me: Principal): Viewer {
    return viewerOf(me, this.csrfProtection);
  }

  /** What an invitation brings that this person makes now, or a person below the cap. */
  currentReward(visitor: Principal | null): Promise<RewardModel> {
    return this.offers.current(visitor?.userId ?? null);
  }
}

/** How notices are written for a person in pages. */
export function noticeReader(me: Pick<Principal, 'locale' | 'timeZone'>): NoticeReader {
  return { t: getTranslator(me.locale), formatDate: (at) => formatDate(at, me), isReferrer: true };
}

/** Sends the browser on to `to` after a form; it gets that page with GET. */
export function redirectTo(reply: FastifyReply, to: string): void {
  void reply.redirect(to, 303);
}
