/** Stripe gives an id, or the whole object where it was expanded. */
export function idOf(reference: string | { id: string }): string {
  return typeof reference === 'string' ? reference : reference.id;
}

/** As {@link idOf}; null where Stripe says nothing. */
export function idOrNull(reference: string | { id: string } | null | undefined): string | null {
  return reference === null || reference === undefined ? null : idOf(reference);
}

/** Stripe's whole seconds as a moment; null for anything else. */
export function fromUnix(unix: unknown): Date | null {
  return Number.isInteger(unix) ? new Date((unix as number) * 1000) : null;
}
