/**
 * The oldest major version of Node that Twofold runs on; `engines` in package.json says the same.
 */
const minimumMajor = 24;

/**
 * Ends the process with 2, and says what to do, where Node is too old. An older Node must be able
 * to read this file and their importers, so both import nothing else and keep to old syntax.
 */
export function requireNodeVersion(version: string): void {
  if (Number(version.replace(/^v/, '').split('.')[0]) >= minimumMajor) return;
  console.error(
    'Twofold needs Node ' +
      String(minimumMajor) +
      ' or newer; this is Node ' +
      version.replace(/^v/, '') +
      '.\n' +
      'Start it with "npm start" or "npx twofold <command>": on Linux they use the Node ' +
      String(minimumMajor) +
      ' that "npm ci" installs beside it.\n' +
      'Elsewhere install Node ' +
      String(minimumMajor) +
      ' or newer: https://nodejs.org',
  );
  process.exit(2);
}
