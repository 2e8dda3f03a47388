import tseslint from 'typescript-eslint';

/**
 * What only types can tell, first of all a promise that is not awaited, so that its work could run
 * after the transaction. A write that is put in line on purpose is `enqueueWrite`, which answers
 * nothing. Too slow for `npm run check`.
 */
export default tseslint.config(
  {
    files: ['src/**/*.ts', 'src/**/*.tsx'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.check.json', './src/embed/widget/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'off' },
    rules: {
      // the other configuration has its own settings for it
      '@typescript-eslint/no-unused-vars': 'off',
      // `async` also turns what a hook or an endpoint throws into a rejection
      '@typescript-eslint/require-await': 'off',
      // values of the database and of Stripe: a union of a text and an object that is known to be a text
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
    },
  },
  {
    // without the assertion it does not compile
    files: ['src/platform/ui/form.tsx'],
    rules: { '@typescript-eslint/no-unnecessary-type-assertion': 'off' },
  },
  {
    // commander gives the options of a command as `any`; the work declares what it takes
    files: ['src/cli/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
);
