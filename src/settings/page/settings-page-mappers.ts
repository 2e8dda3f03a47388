import type { InviteDto } from '../../referral/index.js';
import type { BackupRevisionDto } from '../backup/backup.dto.js';
import type { BackupModel, InviteModel } from './settings-page-model.js';

/** An invite as the page wants it. */
export function toInviteModel(invite: InviteDto): InviteModel {
  const { status, rewardState } = invite;
  return { ...invite, status: status === 'reversed' && rewardState === 'suspended' ? rewardState : status };
}

/** The backup with its revisions as the page wants it; null when none is kept. */
export function toBackupModel(revisions: BackupRevisionDto[]): BackupModel | null {
  return revisions[0] === undefined ? null : { ...revisions[0], revisions };
}
