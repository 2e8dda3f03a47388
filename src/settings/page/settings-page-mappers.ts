import type { SessionDto } from '../../auth/index.js';
import type { CreditStatementDto } from '../../credit/index.js';
import type { InviteDto } from '../../referral/index.js';
import type { BackupRevisionDto } from '../backup/backup.service.js';
import type { BackupModel, CreditModel, InviteModel, SessionModel } from './settings-page-model.js';

/** An invite as the page wants it. */
export function toInviteModel(invite: InviteDto): InviteModel {
  const { invitedAt, convertedAt, creditedAt, status, rewardState } = invite;
  return {
    ...invite,
    status: status === 'reversed' && rewardState === 'suspended' ? rewardState : status,
    invitedAt: new Date(invitedAt),
    convertedAt: toDate(convertedAt),
    creditedAt: toDate(creditedAt),
  };
}

/** A credit statement as the page wants it. */
export function toCreditModel(
  creditStatementDto: CreditStatementDto,
  delivery: CreditModel['delivery'],
): CreditModel {
  return {
    ...creditStatementDto,
    delivery,
    until: toDate(creditStatementDto.until),
    entries: creditStatementDto.entries.map((entry) => ({
      ...entry,
      effectiveAt: new Date(entry.effectiveAt),
      windowFrom: toDate(entry.windowFrom),
      windowUntil: toDate(entry.windowUntil),
    })),
  };
}

/** A device as the page wants it. */
export function toSessionModel(device: SessionDto): SessionModel {
  return { ...device, createdAt: new Date(device.createdAt), seenAt: new Date(device.seenAt) };
}

/** The backup with its revisions as the page wants it; null when none is kept. */
export function toBackupModel(revisions: BackupRevisionDto[]): BackupModel | null {
  const models = revisions.map((own) => ({ ...own, updatedAt: new Date(own.updatedAt) }));
  return models[0] === undefined ? null : { ...models[0], revisions: models };
}

/** A moment that may be missing. */
export function toDate(iso: string | null): Date | null {
  return iso === null ? null : new Date(iso);
}
