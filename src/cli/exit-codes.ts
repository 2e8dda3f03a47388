/** What a command's exit code says: done; found a problem, or nobody; used wrongly. */
export const exitCodes = { done: 0, problem: 1, usedWrongly: 2 } as const;

/** The command could not do what it was asked to, for a reason outside of it: exit code 1. */
export class Problem extends Error {}

/** The command was asked for something that makes no sense: exit code 2. */
export class UsageProblem extends Error {}
