import { Injectable } from '@nestjs/common';
import type { LedgerLine } from '../../credit/index.js';
import { Audit, type Actor } from '../../platform/audit.js';
import type { Tx } from '../../platform/database/tx.js';
import { dayMs } from '../../platform/durations.js';
import { Log } from '../../platform/log.js';
import { Outbox } from '../../platform/outbox.js';
import type { Conversion } from './conversion.js';
import type { MovedCredit, ReferralConverted, ReferralTurned } from '../referral.events.js';
import type { Standing, Verdict } from './standing.js';

/** What has changed about a conversion, and the ledger lines that were written for it. */
interface Changed {
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

  /** Tells of one change: converted, reversed, restored, or only flagged. */
  async changed(tx: Tx, conversion: Conversion, change: Changed): Promise<void> {
    const { before, after } = change;
    const isFirstCredit = after.state === 'good' && (before?.creditedAt ?? null) === null;
    if (before === null || isFirstCredit) await this.converted(tx, conversion, change);
    if (isFirstCredit) return;
    const turned = (before?.state === 'good') !== (after.state === 'good');
    if (before !== null && turned) await this.turned(tx, conversion, change);
    else await this.record(tx, 'referral.standing_changed', conversion, change);
  }

  private async converted(tx: Tx, conversion: Conversion, { moved, code, actor }: Changed): Promise<void> {
    const { id: conversionId, referralId, referrerId, referredId } = conversion;
    const credited = moved.map(movedCredit);
    await this.audit.record(tx, {
      action: 'referral.converted',
      actor,
      subjectId: referredId,
      facts: { conversionId, referralId, referrerId, credited },
    });
    const event: ReferralConverted = {
      name: 'referral.converted',
      conversionId,
      referralId,
      referrerId,
      referredId,
      convertedAt: conversion.convertedAt.toISOString(),
      credited,
    };
    await this.outbox.publish(tx, event);
    this.log.event(tx, 'referral.converted', {
      conversionId,
      referralId,
      referrerId,
      referredId,
      code,
      credit_days: Object.fromEntries(credited.map((side) => [side.side, side.days])),
    });
  }

  private async turned(tx: Tx, conversion: Conversion, change: Changed): Promise<void> {
    const { id: conversionId, referralId, referrerId, referredId, state } = conversion;
    const name = state === 'good' ? 'referral.restored' : 'referral.reversed';
    const reasons = state === 'good' ? (change.before?.reasons ?? []) : change.after.reasons;
    const moved = change.moved.map(movedCredit);
    await this.record(tx, name, conversion, change);
    const turns = change.moved.map((line) => line.turn ?? 0);
    const event: ReferralTurned = {
      name,
      conversionId,
      referralId,
      referrerId,
      referredId,
      state,
      reasons,
      moved,
      turn: Math.max(0, ...turns),
    };
    await this.outbox.publish(tx, event);
    this.log.event(tx, name, { conversionId, referralId, referrerId, referredId, reasons });
  }

  private record(tx: Tx, action: string, conversion: Conversion, change: Changed): Promise<void> {
    const { id: conversionId, referralId, referrerId, referredId } = conversion;
    const { state, reasons, flags, invoiceId } = change.after;
    return this.audit.record(tx, {
      action,
      actor: change.actor,
      subjectId: referredId,
      facts: {
        ...{ conversionId, referralId, referrerId, state, reasons, flags, invoiceId },
        moved: change.moved.map(movedCredit),
      },
      ...(change.noteId === undefined ? {} : { noteId: change.noteId }),
    });
  }
}

function movedCredit(line: LedgerLine): MovedCredit {
  if (line.side === null) throw new Error(`Line ${line.id} is of no side of a conversion`);
  return { side: line.side, userId: line.userId, days: line.lengthMs / dayMs };
}
