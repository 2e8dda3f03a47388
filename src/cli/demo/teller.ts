/** Something that had to be true, and whether it was. */
export interface Expectation {
  sentence: string;
  held: boolean;
}

/** Tells the story on standard output as it happens, in colours only at a terminal; keeps quiet when `isQuiet`. */
export class Teller {
  readonly expectations: Expectation[] = [];
  private readonly coloured = process.stdout.isTTY && !process.env.NO_COLOR;

  constructor(private readonly isQuiet: boolean) {}

  /** The next scene. */
  scene(words: string): void {
    this.write(`\n${this.paint('1', words)}`);
  }

  /** Something that happened. */
  say(words: string): void {
    this.write(`  ${words}`);
  }

  /** Something that must hold: the demo succeeds only when all of them do. */
  expect(sentence: string, held: boolean): void {
    this.expectations.push({ sentence, held });
    this.write(
      held ? `  ${this.paint('32', '✓')} ${sentence}` : `  ${this.paint('31', '✗ NOT SO:')} ${sentence}`,
    );
  }

  private write(line: string): void {
    if (!this.isQuiet) process.stdout.write(`${line}\n`);
  }

  private paint(colour: string, words: string): string {
    return this.coloured ? `\u001b[${colour}m${words}\u001b[0m` : words;
  }
}
