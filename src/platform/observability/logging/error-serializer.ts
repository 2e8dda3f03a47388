/** What a line of the log says of an error. The rest may quote what a person wrote, as PostgreSQL does with a row it refuses. */
const loggedFields = [
  'type',
  'message',
  'stack',
  'code',
  'severity',
  'schema',
  'table',
  'column',
  'constraint',
  'statusCode',
  // Stripe's: what it complains of, and by what name its support finds the request
  'param',
  'requestId',
];

/** Stripe quotes the key that it refuses, with only its middle masked. */
const stripeKey = /\b[rsp]k_(test|live)_[\w*]+/g;
const emailPattern = /[^\s"'<>()[\]:;,=]+@[^\s"'<>()[\]:;,]+/g;

/**
 * An error, as pino has written it out, for the log: without what a driver adds, such as a statement’s parameters or the row
 * that broke a constraint, and without addresses and keys in its words.
 */
export function serializeError(serialized: object): Record<string, unknown> {
  const known = Object.entries(serialized).filter(([name]) => loggedFields.includes(name));
  return Object.fromEntries(
    known.map(([name, value]) => [name, typeof value === 'string' ? redact(value) : value]),
  );
}

/** Keeps the paths of packages in a stack: their names begin with the sign. */
function redact(text: string): string {
  return text
    .replaceAll(stripeKey, '…')
    .replaceAll(emailPattern, (found) => (found.includes('/') ? found : '…@…'));
}
