export { SettingsModule } from './settings.module.js';
export { CreditEnds } from './credit-ends.js';
