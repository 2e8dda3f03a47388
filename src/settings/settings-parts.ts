import type { DeviceView } from '../auth/index.js';
import type { Statement } from '../credit/index.js';
import type { InviteView } from '../referral/index.js';
import type { Revision } from './backups.js';
import type { BackupModel, CreditModel, InviteModel, SessionModel } from './pages/settings-model.js';

/** An invite as the page wants it. */
export function inviteModel(invite: InviteView): InviteModel {
  const { invitedAt, convertedAt, creditedAt, status, standing } = invite;
  return {
    ...invite,
    status: status === 'reversed' && standing === 'suspended' ? standing : status,
    invitedAt: new Date(invitedAt),
    convertedAt: momentOf(convertedAt),
    creditedAt: momentOf(creditedAt),
  };
}

/** A credit statement as the page wants it. */
export function creditModel(statement: Statement, delivery: CreditModel['delivery']): CreditModel {
  return {
    ...statement,
    delivery,
    until: momentOf(statement.until),
    entries: statement.entries.map((entry) => ({
      ...entry,
      effectiveAt: new Date(entry.effectiveAt),
      windowFrom: momentOf(entry.windowFrom),
      windowUntil: momentOf(entry.windowUntil),
    })),
  };
}

/** A device as the page wants it. */
export function sessionModel(device: DeviceView): SessionModel {
  return { ...device, createdAt: new Date(device.createdAt), seenAt: new Date(device.seenAt) };
}

/** The backup with its revisions as the page wants it; null when none is kept. */
export function backupModel(revisions: Revision[]): BackupModel | null {
  const models = revisions.map((own) => ({ ...own, updatedAt: new Date(own.updatedAt) }));
  return models[0] === undefined ? null : { ...models[0], revisions: models };
}

/** A moment that may be missing. */
export function momentOf(iso: string | null): Date | null {
  return iso === null ? null : new Date(iso);
}
