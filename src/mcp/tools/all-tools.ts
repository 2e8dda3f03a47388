import { creditTools } from './credit-tools.js';
import { eventTools } from './event-tools.js';
import { explanationTools } from './explanation-tools.js';
import { personTools } from './person-tools.js';
import { programmeTools } from './programme-tools.js';
import type { Tool } from './tool.js';

/** Every tool, in the order in which it is listed. */
export const allTools: readonly Tool[] = [
  ...personTools,
  ...explanationTools,
  ...programmeTools,
  ...eventTools,
  ...creditTools,
];
