import { mkdirSync, writeFileSync } from 'node:fs';

/**
 * Prints the numbers of a command, keeps them as JSON, and makes the process end with 1 when there
 * are problems.
 */
export function report(name, figures) {
  const file = new URL(`results/${name}.json`, import.meta.url);
  mkdirSync(new URL('.', file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ at: new Date().toISOString(), ...figures }, null, 2)}\n`);
  const width = Math.max(...Object.keys(figures).map((key) => key.length));
  for (const [key, value] of Object.entries(figures))
    if (key !== 'problems')
      console.log(`${key.padEnd(width)}  ${typeof value === 'object' ? JSON.stringify(value) : value}`);
  const { problems } = figures;
  console.log(
    problems.length === 0
      ? '\nNothing is lost, and nothing happened twice.'
      : `\nPROBLEMS:\n${problems.join('\n')}`,
  );
  process.exitCode = problems.length === 0 ? 0 : 1;
}
