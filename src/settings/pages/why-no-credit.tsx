const reasons = [
  [
    'They had an account already',
    'A link counts only for an address that is new here when it is first proven.',
  ],
  ['It was your own link', 'Nobody can invite themselves, nor pay with the same customer on both sides.'],
  [
    'Somebody else invited them first',
    'The first link that a new account was made with stays the one that counts.',
  ],
  [
    'They have not paid yet',
    'A trial, a fully discounted invoice or one paid outside of Stripe is no first payment.',
  ],
  [
    'They had paid before they used your link',
    'Only the first payment ever counts; renewals bring nothing more.',
  ],
  [
    'The payment was refunded or disputed',
    'Days not used yet are taken back, and return if the payment stands after all.',
  ],
] as const;

/** Why a link that was shared may bring nothing. */
export function WhyNoCredit() {
  return (
    <details class="more">
      <summary>Why does a link bring no credit?</summary>
      <dl class="reasons">
        {reasons.map(([reason, because]) => (
          <div key={reason}>
            <dt>{reason}</dt>
            <dd>{because}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
