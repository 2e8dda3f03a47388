export { SettingsModule } from './settings.module.js';
export { BackupPersonalData } from './backup/backup.service.js';
export { CreditExpiryJob } from './credit-expiry.job.js';
export { AccessDto } from './me/me.dto.js';
