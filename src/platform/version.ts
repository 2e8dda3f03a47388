import { readFileSync } from 'node:fs';

const manifest = new URL('../../package.json', import.meta.url);

/** This release, such as `0.5.0`: the newest of CHANGELOG.md. */
export const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
