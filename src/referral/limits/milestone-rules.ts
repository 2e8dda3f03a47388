/**
 * A milestone that a person reached, with one of their accounts. `ordinal`: by how many granted
 * referrals.
 */
export interface ReachedMilestone {
  accountId: string;
  ordinal: number;
  every: number;
  isGranted: boolean;
}

/**
 * How many granted referrals each of a person's milestones needs: its ordinal, unless two merged
 * accounts both reached it. Their referrals count together, so the second one needs as many more as
 * lie between two milestones. `reached` is sorted by ordinal.
 */
export function withRequiredCounts<T extends ReachedMilestone>(
  reached: readonly T[],
): (T & { requiredCount: number })[] {
  let last = 0;
  return reached.map((milestone) => {
    last = milestone.ordinal > last ? milestone.ordinal : last + milestone.every;
    return { ...milestone, requiredCount: last };
  });
}

/**
 * Whether `grantedCount` granted referrals reach a milestone that the person has not reached
 * before.
 */
export function reachesNewMilestone(
  grantedCount: number,
  every: number,
  reached: readonly { ordinal: number; requiredCount: number }[],
): boolean {
  const isNew = !reached.some(
    ({ requiredCount, ordinal }) => requiredCount === grantedCount || ordinal === grantedCount,
  );
  return isNew && grantedCount % every === 0;
}
