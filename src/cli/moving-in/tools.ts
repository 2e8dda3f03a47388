import type { ToolFormat } from './tool-format.js';
import { dub } from './tools/dub.js';
import { firstpromoter } from './tools/firstpromoter.js';
import { rewardful } from './tools/rewardful.js';
import { tolt } from './tools/tolt.js';

/** The tools that people can move in from, in the order in which the help lists them. */
export const tools: readonly ToolFormat[] = [dub, rewardful, firstpromoter, tolt];
