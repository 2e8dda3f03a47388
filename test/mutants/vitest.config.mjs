import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { mergeConfig } from 'vitest/config';
import shared from '../../vitest.config.mjs';

const root = resolve(import.meta.dirname, '../..');
const source = join(root, 'src/');

/** Tests run the compiled application, which Node loads itself. */
const useCompiled = {
  name: 'use-compiled',
  enforce: 'pre',
  resolveId(id, importer) {
    if (importer === undefined || !id.startsWith('.')) return null;
    const file = resolve(dirname(importer), id);
    if (!file.startsWith(source)) return null;
    const compiled = join(root, 'dist', file.slice(source.length));
    return existsSync(compiled) ? { id: compiled, external: true } : null;
  },
};

export default mergeConfig(shared, {
  plugins: [useCompiled],
  resolve: { alias: { '#jsx/jsx-runtime': join(root, 'dist/jsx/jsx-runtime.js') } },
  test: { server: { deps: { external: [/\/dist\//] } } },
});
