/**
 * The id behind a field that Stripe would expand on request. The sandbox stores ids only.
 * *errors* throws when the field is empty: the caller names a field that is always filled.
 */
export function idOf(reference: string | { id?: string } | null | undefined): string {
  const id = typeof reference === 'string' ? reference : reference?.id;
  if (id === undefined) throw new Error('a reference that is always filled is empty');
  return id;
}

/** As `idOf`, for a field that may be empty. */
export function idOrNull(reference: string | { id?: string } | null | undefined): string | null {
  return typeof reference === 'string' ? reference : (reference?.id ?? null);
}
