/**
 * An invoice as the API version 2020-03-02 shows it: no `parent`, and the subscription, charge and
 * prices elsewhere.
 */
export function legacyInvoice(invoice: Record<string, unknown>): Record<string, unknown> {
  const { parent, status_transitions: transitions, lines, ...unchanged } = invoice;
  const { subscription } = (parent as { subscription_details: { subscription: string } })
    .subscription_details;
  const { data } = lines as { data: Record<string, unknown>[] };
  return {
    ...unchanged,
    subscription,
    paid: true,
    charge: null,
    payment_intent: null,
    status_transitions: transitions,
    lines: {
      object: 'list',
      has_more: false,
      data: data.map(({ pricing, parent: _, ...line }) => ({
        ...line,
        type: 'subscription',
        subscription,
        price: {
          id: (pricing as { price_details: { price: string } }).price_details.price,
          type: 'recurring',
        },
      })),
    },
  };
}
