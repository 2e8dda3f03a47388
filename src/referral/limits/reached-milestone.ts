/** A milestone that somebody reached, with one of their accounts. */
export interface ReachedMilestone {
  accountId: string;
  ordinal: number;
  every: number;
  stands: boolean;
}

/**
 * How many standing invitations each of a person's milestones needs: its number, as long as none of them had two accounts.
 * Two accounts that became one may both have reached the same number. The invitations behind both are counted together
 * since, so the second one needs as many more as lie between two milestones. `reached` is sorted by number.
 */
export function withNeeds<T extends ReachedMilestone>(reached: readonly T[]): (T & { needs: number })[] {
  let last = 0;
  return reached.map((milestone) => {
    last = milestone.ordinal > last ? milestone.ordinal : last + milestone.every;
    return { ...milestone, needs: last };
  });
}
