// Compiles src/ into dist/, and the widget for other pages into dist/embed/v1.js, unless dist/ was made of the same
// files. `--force` compiles anyway.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { sourceDigest } from './source-digest.mjs';

const root = resolve(import.meta.dirname, '..');
const stampFile = join(root, 'dist/built-from.txt');
const digest = sourceDigest(root);
const isForced = process.argv.includes('--force');
if (!isForced && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === digest) process.exit(0);
rmSync(join(root, 'dist'), { recursive: true, force: true }); // a build that fails leaves no stamp
const nest = join(root, 'node_modules/@nestjs/cli/bin/nest.js');
const { status } = spawnSync(process.execPath, [nest, 'build'], { cwd: root, stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);
const { buildWidget } = await import('./build-widget.mjs'); // loads the bundler
await buildWidget(root);
writeFileSync(stampFile, digest);
