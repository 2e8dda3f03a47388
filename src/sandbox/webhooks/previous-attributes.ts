/** The top-level attributes in which `after` differs, with the values they had before. */
export function changedFrom<T extends object>(before: T, after: T): Record<string, unknown> {
  const now = new Map(Object.entries(after));
  return Object.fromEntries(
    Object.entries(before).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(now.get(name))),
  );
}
