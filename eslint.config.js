import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import { plainWords } from './lint/plain-words.mjs';

export default tseslint.config(
  {
    ignores: [
      ...['**/dist/', '**/node_modules/', '.data/', 'screenshots/'],
      ...['test/clients/generated/', 'clients/typescript/src/generated/'],
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      'max-params': ['error', 5],
    },
  },
  {
    files: ['src/**', 'test/**', 'bench/**', 'reliability/**', 'clients/**', 'examples/**'],
    ignores: ['test/plain-words.test.ts'], // quotes old words
    plugins: { 'plain-words': plainWords },
    rules: {
      'plain-words/names': 'error',
      'plain-words/prose': 'error',
      'plain-words/comment-width': 'error',
    },
  },
  {
    files: ['src/**/*.ts', 'src/**/*.tsx'],
    ignores: [
      'src/platform/clock.ts',
      'src/sandbox/**',
      'src/embed/widget/**',
      '**/*.test.ts',
      '**/*.test.tsx',
    ],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'Time comes from the injected Clock.',
        },
        {
          selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
          message: 'Time comes from the injected Clock.',
        },
      ],
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs', '*.js', 'bin/**', 'examples/**/*.js'],
    languageOptions: {
      globals: {
        ...{
          process: 'readonly',
          console: 'readonly',
          module: 'writable',
          URL: 'readonly',
          Buffer: 'readonly',
        },
        ...{ fetch: 'readonly', performance: 'readonly', setTimeout: 'readonly' },
        ...{ setInterval: 'readonly', clearInterval: 'readonly' },
        ...{ clearTimeout: 'readonly', AbortSignal: 'readonly' },
      },
    },
  },
);
