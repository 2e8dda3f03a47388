import { Injectable } from '@nestjs/common';
import type { LedgerLine } from '../../credit/index.js';
import { Audit, type Actor } from '../../platform/audit.js';
import type { Tx } from '../../platform/database/tx.js';
import { dayMs } from '../../platform/durations.js';
import { Log } from '../../platform/log.js';
import { Outbox, type DomainEvent } from '../../platform/outbox.js';
import type {
  ConversionFacts,
  MovedCredit,
  ReferralConverted,
  ReferralCredited,
  ReferralTurned,
} from '../referral.events.js';
import type { Conversion } from './conversion.js';
import { rewardsOf, type LinkedReferral } from './linked-referral.js';
import type { Standing, Verdict } from './standing.js';

/** What has changed about a conversion, and the ledger lines that were written for it. */
interface Changed {
  linked: LinkedReferral;
  before: Standing | null;
  after: Verdict;
  moved: LedgerLine[];
  code: string;
  actor: Actor;
  noteId?: string;
}

/** Tells, to the audit trail, the log and whoever reacts, what became of a conversion and why. */
@Injectable()
export class StandingTrail {
  constructor(
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly log: Log,
  ) {}

  /** Tells of one change: converted, credited, held, reversed, restored, or only flagged. */
  async changed(tx: Tx, conversion: Conversion, change: Changed): Promise<void> {
    const events = eventsOf(conversion, change);
    const name = events[0]?.name ?? 'referral.standing_changed';
    this.record(tx, name, conversion, change);
    if (events.length === 0) return;
    await this.outbox.publish(tx, ...events);
    const { referrerId, referredId, referralId } = conversion;
    this.log.event(tx, name, {
      conversionId: conversion.id,
      ...{ referralId, referrerId, referredId, state: conversion.state },
      reasons: change.after.reasons,
      code: change.code,
      credit_days: Object.fromEntries(change.moved.map(movedCredit).map(({ side, days }) => [side, days])),
    });
  }

  private record(tx: Tx, action: string, conversion: Conversion, change: Changed): void {
    const { id: conversionId, referralId, referrerId, referredId } = conversion;
    const { state, reasons, flags, holds, invoiceId } = change.after;
    this.audit.record(tx, {
      action,
      actor: change.actor,
      subjectId: referredId,
      facts: {
        ...{ conversionId, referralId, referrerId, state, reasons, flags, holds, invoiceId },
        ...(conversion.capped ? { capped: true } : {}),
        moved: change.moved.map(movedCredit),
      },
      ...(change.noteId === undefined ? {} : { noteId: change.noteId }),
    });
  }
}

function eventsOf(conversion: Conversion, change: Changed): DomainEvent[] {
  const { before, after, moved } = change;
  const facts = factsOf(conversion);
  const stood = before?.state === 'good';
  const stands = after.state === 'good';
  const credited: ReferralCredited = {
    name: 'referral.credited',
    ...facts,
    credited: moved.map(movedCredit),
  };
  if (before === null) {
    const converted = convertedEvent(conversion, change);
    return stands ? [converted, credited] : [converted];
  }
  if (stands && before.creditedAt === null) return [credited];
  if (stands && !stood) return [turnedEvent('referral.restored', conversion, change)];
  if (after.state === 'held')
    return before.state === 'held' ? [] : [turnedEvent('referral.held', conversion, change)];
  const wasWaiting = before.state === 'held' && before.creditedAt === null;
  return stood || wasWaiting ? [turnedEvent('referral.reversed', conversion, change)] : [];
}

function convertedEvent(conversion: Conversion, { linked, after }: Changed): ReferralConverted {
  return {
    name: 'referral.converted',
    ...factsOf(conversion),
    convertedAt: conversion.convertedAt.toISOString(),
    state: after.state,
    reasons: after.reasons,
    capped: conversion.capped,
    promised: rewardsOf(linked, conversion),
  };
}

/** What is said of a restoration are the reasons that have fallen away. */
function turnedEvent(
  name: ReferralTurned['name'],
  conversion: Conversion,
  { before, after, moved }: Changed,
): ReferralTurned {
  return {
    name,
    ...factsOf(conversion),
    state: after.state,
    reasons: after.state === 'good' ? (before?.reasons ?? []) : after.reasons,
    wasCredited: before?.creditedAt != null,
    moved: moved.map(movedCredit),
    turn: Math.max(0, ...moved.map((line) => line.turn ?? 0)),
  };
}

function factsOf(conversion: Conversion): ConversionFacts {
  const { id: conversionId, referralId, referrerId, referredId, holds, releaseAt } = conversion;
  return {
    ...{ conversionId, referralId, referrerId, referredId },
    holds: [...holds],
    releaseAt: releaseAt?.toISOString() ?? null,
  };
}

function movedCredit(line: LedgerLine): MovedCredit {
  if (line.side === null) throw new Error(`Line ${line.id} is of no side of a conversion`);
  return { side: line.side, userId: line.userId, days: line.lengthMs / dayMs };
}
