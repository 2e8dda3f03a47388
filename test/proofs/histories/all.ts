import { disputes } from './disputes.js';
import type { History } from './history.js';
import { payments } from './payments.js';
import { refunds } from './refunds.js';
import { subscriptions } from './subscriptions.js';

/** Every history that is played in every way. */
export const histories: readonly History[] = [...payments, ...subscriptions, ...refunds, ...disputes];
