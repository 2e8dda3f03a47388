// Bundles src/embed/widget into dist/embed/v1.js: one file, with its style sheet and the texts of every language in it.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'vite';

/** Where the widget's sources name a text: `t('share.code')`, or a group of them: `t(`invite.status.${…}`)`. */
const textUse = /\bt\((?:'([\w.]+)'|`([\w.]+)\.\$\{)/g;
/** Keys that are put together elsewhere in the sources. */
const groups = ['codes.problem'];

/** Writes the bundle of the project in `root`. */
export async function buildWidget(root) {
  const source = join(root, 'src/embed/widget');
  await build({
    root: source,
    configFile: false,
    logLevel: 'warn',
    define: { TWOFOLD_TEXTS: JSON.stringify(readTexts(root, source)) },
    build: {
      lib: { entry: 'referral-element.ts', formats: ['iife'], name: 'Twofold', fileName: () => 'v1.js' },
      outDir: join(root, 'dist/embed'),
      emptyOutDir: false,
      target: 'es2022',
      minify: 'oxc',
      cssMinify: 'lightningcss',
    },
  });
}

/** The texts that the sources name, by language and key. A key that a language lacks fails the build. */
function readTexts(root, source) {
  const code = readdirSync(source)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(source, file), 'utf8'))
    .join('\n');
  const uses = [...code.matchAll(textUse)];
  const keys = new Set(uses.flatMap(([, key]) => key ?? []));
  const prefixes = [...groups, ...uses.flatMap(([, , group]) => group ?? [])];
  const folder = join(root, 'locales');
  return Object.fromEntries(
    readdirSync(folder).map((file) => {
      const texts = JSON.parse(readFileSync(join(folder, file), 'utf8'));
      return [basename(file, '.json'), pick(texts, keys, prefixes, file)];
    }),
  );
}

function pick(texts, keys, prefixes, file) {
  const valueAt = (key) => key.split('.').reduce((section, name) => section?.[name], texts);
  const all = [
    ...keys,
    ...prefixes.flatMap((prefix) => Object.keys(valueAt(prefix) ?? {}).map((name) => `${prefix}.${name}`)),
  ];
  return Object.fromEntries(
    all.map((key) => {
      const text = valueAt(key);
      if (typeof text !== 'string')
        throw new Error(`locales/${file} has no text ${key}, which the widget shows`);
      if (text.includes('{'))
        throw new Error(`locales/${file}: ${key} has a placeholder, which the widget cannot fill`);
      return [key, text];
    }),
  );
}
