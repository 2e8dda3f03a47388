import tseslint from 'typescript-eslint';

/**
 * What only types can tell: a promise that is not awaited, so that its work could run after the
 * transaction. A write that is put in line on purpose is `enqueueWrite`, which answers nothing. Too
 * slow for `npm run check`.
 */
export default tseslint.config({
  files: ['src/**/*.ts', 'src/**/*.tsx'],
  plugins: { '@typescript-eslint': tseslint.plugin },
  languageOptions: {
    parser: tseslint.parser,
    parserOptions: { project: './tsconfig.check.json', tsconfigRootDir: import.meta.dirname },
  },
  linterOptions: { reportUnusedDisableDirectives: 'off' },
  rules: { '@typescript-eslint/no-floating-promises': 'error' },
});
