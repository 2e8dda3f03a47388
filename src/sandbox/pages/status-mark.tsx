const GOOD = ['active', 'paid', 'succeeded', 'delivered', 'trialing', 'won'];
const BAD = ['past_due', 'failed', 'open', 'needs_response', 'lost'];

/** A status as a small coloured word; the word says it all, the colour only helps. */
export function StatusMark({ status }: { status: string }) {
  const tone = GOOD.includes(status) ? 'good' : BAD.includes(status) ? 'bad' : 'plain';
  return <span class={`mark ${tone}`}>{status.replaceAll('_', ' ')}</span>;
}
