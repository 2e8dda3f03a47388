/**
 * How long a test waits for something that must happen, in milliseconds. It only ends what hangs,
 * so it is long. Runs that expect tests to fail set `TEST_PATIENCE_MS` lower.
 */
export const timeoutMs = Number(process.env.TEST_PATIENCE_MS ?? 600_000);

/**
 * Waits until something has become so; asks every 20 ms, for {@link timeoutMs} at most. Errors:
 * when it does not.
 */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`It did not become so within ${timeoutMs} ms`);
    await new Promise((resume) => setTimeout(resume, 20));
  }
}
