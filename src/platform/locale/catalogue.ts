import { readdirSync, readFileSync } from 'node:fs';

/** The messages of one language by their dotted keys (`settings.title`), in ICU MessageFormat. */
export type Messages = ReadonlyMap<string, string>;

/** The language that every message exists in. */
export const fallbackLocale = 'en';

/** Reads every language of a folder: one JSON file each, named by its BCP 47 tag. Another file is another language. */
export function readCatalogue(directory: URL): ReadonlyMap<string, Messages> {
  const files = readdirSync(directory).filter((name) => name.endsWith('.json'));
  return new Map(
    files.sort().map((name) => {
      const sections: unknown = JSON.parse(readFileSync(new URL(name, directory), 'utf8'));
      return [name.replace(/\.json$/, ''), new Map(flattened(sections))];
    }),
  );
}

function* flattened(section: unknown, path = ''): Generator<[string, string]> {
  if (typeof section === 'string') yield [path, section];
  else if (typeof section === 'object' && section !== null)
    for (const [name, inner] of Object.entries(section))
      yield* flattened(inner, path === '' ? name : `${path}.${name}`);
}
