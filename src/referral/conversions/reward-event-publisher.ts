import { Injectable } from '@nestjs/common';
import type { CreditEntry } from '../../credit/index.js';
import type { AuditAction } from '../../platform/audit-actions.js';
import { AuditLog, type Actor } from '../../platform/audit-log.js';
import type { Tx } from '../../platform/database/tx.js';
import { dayMs } from '../../platform/durations.js';
import { Log } from '../../platform/observability/logging/log.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import type {
  ConversionPayload,
  CreditMovement,
  ReferralConverted,
  ReferralCredited,
  ReferralStatusChanged,
} from '../referral.events.js';
import type { Conversion, RewardStatus, StatusDecision } from './reward-status.js';
import { rewardsFor, type LockedReferral } from './referral-state.js';

/** What has changed about a conversion, and the ledger entries that were written for it. */
interface StatusChangeRecord {
  referral: LockedReferral;
  before: RewardStatus | null;
  after: StatusDecision;
  moved: CreditEntry[];
  code: string;
  actor: Actor;
  noteId?: string;
}

/**
 * Publishes what happened to a conversion and why: to the audit log, the log and the event
 * handlers.
 */
@Injectable()
export class RewardEventPublisher {
  constructor(
    private readonly auditLog: AuditLog,
    private readonly outbox: Outbox,
    private readonly log: Log,
  ) {}

  /** Publishes one change: converted, credited, held, reversed, restored, or only flagged. */
  publishChange(tx: Tx, conversion: Conversion, change: StatusChangeRecord): void {
    const events = eventsFor(conversion, change);
    const name = events[0]?.name ?? 'referral.status_changed';
    this.recordAudit(tx, name, conversion, change);
    if (events.length === 0) return;
    this.outbox.publish(tx, ...events);
    const { referrerId, referredId, referralId } = conversion;
    this.log.infoAfterCommit(tx, name, {
      conversionId: conversion.id,
      ...{ referralId, referrerId, referredId, state: conversion.state },
      reasons: change.after.reasons,
      code: change.code,
      credit_days: Object.fromEntries(
        change.moved.map(toCreditMovement).map(({ side, days }) => [side, days]),
      ),
    });
  }

  private recordAudit(tx: Tx, action: AuditAction, conversion: Conversion, change: StatusChangeRecord): void {
    const { id: conversionId, referralId, referrerId, referredId } = conversion;
    const { state, reasons, flags, holds, invoiceId } = change.after;
    this.auditLog.record(tx, {
      action,
      actor: change.actor,
      subjectId: referredId,
      details: {
        ...{ conversionId, referralId, referrerId, state, reasons, flags, holds, invoiceId },
        ...(conversion.capped ? { capped: true } : {}),
        moved: change.moved.map(toCreditMovement),
      },
      ...(change.noteId === undefined ? {} : { noteId: change.noteId }),
    });
  }
}

type RewardEvent = ReferralConverted | ReferralCredited | ReferralStatusChanged;

function eventsFor(conversion: Conversion, change: StatusChangeRecord): RewardEvent[] {
  const { before, after, moved } = change;
  const payload = conversionPayload(conversion);
  const wasGranted = before?.state === 'granted';
  const isGranted = after.state === 'granted';
  const credited: ReferralCredited = {
    name: 'referral.credited',
    ...payload,
    credited: moved.map(toCreditMovement),
  };
  if (before === null) {
    const converted = convertedEvent(conversion, change);
    return isGranted ? [converted, credited] : [converted];
  }
  if (isGranted && before.creditedAt === null) return [credited];
  if (isGranted && !wasGranted) return [statusChangedEvent('referral.restored', conversion, change)];
  if (after.state === 'held')
    return before.state === 'held' ? [] : [statusChangedEvent('referral.held', conversion, change)];
  return wasGranted || before.state === 'held'
    ? [statusChangedEvent('referral.reversed', conversion, change)]
    : [];
}

function convertedEvent(conversion: Conversion, { referral, after }: StatusChangeRecord): ReferralConverted {
  return {
    name: 'referral.converted',
    ...conversionPayload(conversion),
    convertedAt: conversion.convertedAt.toISOString(),
    state: after.state,
    reasons: after.reasons,
    capped: conversion.capped,
    promised: rewardsFor(referral, conversion),
  };
}

/** A restoration reports the reasons that were resolved. */
function statusChangedEvent(
  name: ReferralStatusChanged['name'],
  conversion: Conversion,
  { before, after, moved, referral }: StatusChangeRecord,
): ReferralStatusChanged {
  return {
    name,
    ...conversionPayload(conversion),
    state: after.state,
    reasons: after.state === 'granted' ? (before?.reasons ?? []) : after.reasons,
    wasCredited: before?.creditedAt != null,
    stateBefore: before?.state ?? null,
    moved: moved.map(toCreditMovement),
    promised: rewardsFor(referral, conversion),
    revision: Math.max(0, ...moved.map((entry) => entry.revision ?? 0)),
  };
}

function conversionPayload(conversion: Conversion): ConversionPayload {
  const { id: conversionId, referralId, referrerId, referredId, holds, releaseAt } = conversion;
  return {
    ...{ conversionId, referralId, referrerId, referredId },
    holds: [...holds],
    releaseAt: releaseAt?.toISOString() ?? null,
  };
}

function toCreditMovement(entry: CreditEntry): CreditMovement {
  if (entry.side === null) throw new Error(`Entry ${entry.id} belongs to no side of a conversion`);
  return { side: entry.side, userId: entry.userId, days: entry.durationMs / dayMs };
}
