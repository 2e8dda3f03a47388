import { registerHooks } from 'node:module';

/**
 * Prepended to a process with `--import`: it ends by printing which packages it has loaded, on
 * standard error.
 */
const packages = new Set();
registerHooks({
  load(url, context, next) {
    const [, name] = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url) ?? [];
    if (name !== undefined) packages.add(name);
    return next(url, context);
  },
});
process.on('exit', () => process.stderr.write(`Packages: ${[...packages].join(' ')}\n`));
