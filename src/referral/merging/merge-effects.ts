/** What referral knows of one of two accounts that are to be merged. */
export interface MergeSide {
  /** The invitation that its owner came with. */
  came: { id: string; referrerId: string | null; isConverted: boolean; isClosed: boolean } | null;
  /** How many people it invited. */
  invited: number;
  codes: string[];
}

/** What a merge makes of the invitations that both came with. Everything else stays as it is. */
export interface MergeEffects {
  /** Waits for the first payment of the account that stays, since nobody has paid yet. */
  carried: string | null;
  /** Never convert: the person had come, or paid, before, or would have invited themselves. */
  closed: string[];
  /** Both were rewarded as newcomers, which nobody is asked to give back. */
  bothConverted: boolean;
}

/**
 * A person comes once: with the invitation that converted, else with the one of the account that stays, else with that of
 * the merged account. `persons`: both accounts with all that were merged into them, none of whom can have invited them.
 */
export function mergeEffectsOf(
  { from, into }: { from: MergeSide; into: MergeSide },
  { persons, hasPaid }: { persons: readonly string[]; hasPaid: { from: boolean; into: boolean } },
): MergeEffects {
  const isOpen = (side: MergeSide) => side.came !== null && !side.came.isConverted && !side.came.isClosed;
  const isOwn = ({ came }: MergeSide) => came?.referrerId != null && persons.includes(came.referrerId);
  const hasConverted = [from, into].filter(({ came }) => came?.isConverted === true).length;
  const closed: string[] = [];
  let carried: string | null = null;
  if (into.came !== null && isOpen(into) && (isOwn(into) || hasConverted > 0 || hasPaid.from))
    closed.push(into.came.id);
  if (from.came !== null && isOpen(from)) {
    const isNewcomer = into.came === null && !hasPaid.from && !hasPaid.into && !isOwn(from);
    if (isNewcomer) carried = from.came.id;
    else closed.push(from.came.id);
  }
  return { carried, closed, bothConverted: hasConverted === 2 };
}
