/** Waits until something has become so; asks every 20 ms, for 45 s at most. Errors: when it does not. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 45_000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error('It did not become so within 45 s');
    await new Promise((resume) => setTimeout(resume, 20));
  }
}
