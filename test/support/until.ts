/** Waits until something has become so; asks every 20 ms, for two minutes at most. Errors: when it does not. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 120_000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error('It did not become so within two minutes');
    await new Promise((resume) => setTimeout(resume, 20));
  }
}
