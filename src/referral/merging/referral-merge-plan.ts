/** What referral knows of one of two accounts that are to be merged. */
export interface AccountReferralState {
  /** The invitation that its owner came with. */
  ownReferral: { id: string; referrerId: string | null; isConverted: boolean; isClosed: boolean } | null;
  /** How many people it invited. */
  invitedCount: number;
  codes: string[];
}

/** What a merge makes of the invitations that both came with. Everything else stays as it is. */
export interface ReferralMergePlan {
  /** Waits for the first payment of the account that stays, since neither account has paid yet. */
  transferredReferralId: string | null;
  /** Never convert: the person had come, or paid, before, or would have invited themselves. */
  closedReferralIds: string[];
  /** Both were rewarded as referred users, and both keep that reward. */
  bothConverted: boolean;
}

/**
 * A person is referred once: with the invitation that converted, else with the one of the account
 * that stays, else with that of the merged account. `persons`: both accounts with all that were
 * merged into them, none of whom can have invited them.
 */
export function planReferralMerge(
  { from, into }: { from: AccountReferralState; into: AccountReferralState },
  { persons, hasPaid }: { persons: readonly string[]; hasPaid: { from: boolean; into: boolean } },
): ReferralMergePlan {
  const [openFrom, openInto] = [openReferralOf(from), openReferralOf(into)];
  const invitedThemselves = ({ referrerId }: { referrerId: string | null }) =>
    persons.some((person) => person === referrerId);
  const hasConverted = [from, into].filter(({ ownReferral }) => ownReferral?.isConverted === true).length;
  const closed: string[] = [];
  let carried: string | null = null;
  if (openInto !== null && (invitedThemselves(openInto) || hasConverted > 0 || hasPaid.from))
    closed.push(openInto.id);
  if (openFrom !== null) {
    const isNewcomer =
      into.ownReferral === null && !hasPaid.from && !hasPaid.into && !invitedThemselves(openFrom);
    if (isNewcomer) carried = openFrom.id;
    else closed.push(openFrom.id);
  }
  return { transferredReferralId: carried, closedReferralIds: closed, bothConverted: hasConverted === 2 };
}

/** The invitation that may still convert. */
function openReferralOf({ ownReferral }: AccountReferralState): AccountReferralState['ownReferral'] {
  return ownReferral === null || ownReferral.isConverted || ownReferral.isClosed ? null : ownReferral;
}
