import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import { plainWords } from './lint/plain-words.mjs';
import { translatedText } from './lint/translated-text.mjs';

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
    files: ['src/**', 'test/**', 'bench/**', 'reliability/**', 'clients/**', 'examples/**', 'website/**'],
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
    // what people read comes from locales/; test/edge-cases/untranslated-words.test.ts visits every page
    files: ['src/**/*.tsx', 'src/platform/ui/client.js', 'src/embed/preview/preview.js'],
    ignores: [
      '**/*.test.tsx',
      'src/platform/ui/error-codes.controller.tsx',
      'src/sandbox/pages/{dashboard,dashboard-rows,event-page,reversal-rows}.tsx',
    ],
    plugins: { 'translated-text': translatedText },
    rules: { 'translated-text/no-words': ['error', { names: ['WhatsApp', 'Telegram'] }] },
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
