import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';

/**
 * Writes `content` to the committed file at `url`, or, without `write`, only compares it: a
 * difference fails the process and names the `command` that writes it.
 */
export function syncGeneratedFile(url, content, { write, command }) {
  const name = basename(url.pathname);
  if (readFileSync(url, 'utf8') === content) {
    console.log(`${name} is current.`);
  } else if (write) {
    writeFileSync(url, content);
    console.log(`${name} is written.`);
  } else {
    console.error(`${name} is not what this source makes. Write it again: ${command}`);
    process.exitCode = 1;
  }
}
