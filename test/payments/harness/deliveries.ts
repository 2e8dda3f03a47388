/** Sends things in their order, `width` of them at the same time. */
export async function deliver<Thing>(
  things: readonly Thing[],
  width: number,
  send: (thing: Thing) => Promise<void>,
): Promise<void> {
  const left = [...things];
  const worker = async () => {
    for (let thing = left.shift(); thing !== undefined; thing = left.shift()) await send(thing);
  };
  await Promise.all(Array.from({ length: width }, worker));
}
