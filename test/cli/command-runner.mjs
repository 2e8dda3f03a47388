// Runs one command line after the other for `runTwofold`, and answers how each ended and what it
// printed.
const { runCli } = await import('../../dist/cli/run.js');

process.stdout.setMaxListeners(0); // each command line adds one
process.on('message', async ({ env, words }) => {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  const printed = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'])
    process[stream].write = (chunk, ...rest) => {
      printed[stream] += String(chunk);
      rest.findLast((each) => typeof each === 'function')?.();
      return true;
    };
  const exitCode = await runCli(words, env);
  process.send({ exitCode, ...printed });
});
process.on('disconnect', () => process.exit());
process.send('ready');
