import { useEmbeddedPostgres } from '../../dist/embedded-postgres/index.js';

// One process that uses the data directory named to it, until its input ends; it prints its address
// in one line.
const server = await useEmbeddedPostgres({ dataDir: process.argv[2], log: () => {} });
console.log(JSON.stringify({ url: server.url, started: server.started }));
process.stdin.on('end', () => void server.release()).resume();
