import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { mergeConfig } from 'vitest/config';
import shared from '../../vitest.config.mjs';

const root = resolve(import.meta.dirname, '../..');

/** The tests of a copy run its compiled application, which Node loads itself. */
const useCompiled = {
  name: 'use-compiled',
  enforce: 'pre',
  resolveId(id, importer) {
    if (importer === undefined || !id.startsWith('.')) return null;
    const [, copy, file] = /^(.*\/batch-\d+\/\d+)\/src\/(.*)$/.exec(resolve(dirname(importer), id)) ?? [];
    const compiled = copy === undefined ? '' : join(copy, 'dist', file);
    return existsSync(compiled) ? { id: compiled, external: true } : null;
  },
};

export default mergeConfig(shared, {
  plugins: [useCompiled],
  resolve: { alias: { '#jsx/jsx-runtime': join(root, 'dist/jsx/jsx-runtime.js') } },
  test: { include: ['*/{src,test}/**/*.test.{ts,tsx}'], server: { deps: { external: [/\/dist\//] } } },
});
