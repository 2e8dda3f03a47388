import { defineConfig } from 'vitest/config';
import whole from './vitest.config.mjs';

const { globalSetup: _, ...test } = whole.test;

/** The tests beside the code: they need neither a build nor a database. */
export default defineConfig({ ...whole, test: { ...test, include: ['src/**/*.test.{ts,tsx}'] } });
