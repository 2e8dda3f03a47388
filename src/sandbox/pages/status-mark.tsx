const GOOD = ['active', 'paid', 'succeeded', 'delivered', 'trialing', 'won', 'issued', 'warning_closed'];
const BAD = [
  ...['past_due', 'unpaid', 'failed', 'dropped', 'open', 'disputed', 'needs_response'],
  ...['warning_needs_response', 'appeal_needs_response', 'lost', 'prevented', 'actionable'],
];

/** A status as a small coloured word; the word says it all, the colour only helps. */
export function StatusMark({ status }: { status: string }) {
  const tone = GOOD.includes(status) ? 'good' : BAD.includes(status) ? 'bad' : 'plain';
  return <span class={`mark ${tone}`}>{status.replaceAll('_', ' ')}</span>;
}
