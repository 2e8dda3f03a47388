/** Words of Stripe's own, of which our readers need some; nothing that a person could have typed. */
const wordsOfStripe = new Set([
  'api_version',
  'billing_reason',
  'collection_method',
  'currency',
  'event',
  'interval',
  'object',
  'plan',
  'price',
  'product',
  'proration_behavior',
  'reason',
  'status',
  'type',
]);

const idOfStripe =
  /^(acct|ba|card|ch|cn|cs|cus|dp|du|evt|il|in|inpay|issfr|mbur|mtr|pi|pm|price|prod|py|pyr|re|seti|si|sub|txn)_\w{1,200}$/;
const ourId = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** An object of Stripe without what is about a person: ids, figures, and Stripe's own words stay, every other text goes. */
export function redacted(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => redacted(item, key));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value)
        .map(([name, inner]) => [name, redacted(inner, name)] as const)
        .filter(([, kept]) => key !== 'metadata' || kept !== null),
    );
  if (typeof value !== 'string') return value;
  return wordsOfStripe.has(key) || idOfStripe.test(value) || ourId.test(value) ? value : null;
}
