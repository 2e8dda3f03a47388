import { connect } from 'node:net';

/**
 * Sends `requests` (whole HTTP/1.1 messages as Buffers, from an iterator) over `connections`
 * kept-alive connections, one at a time on each, until they are used up or `forMs` is over. A load
 * of plain sockets: an HTTP client would cost more than the server on the same machine.
 * Answers how many came back, by status, in how many seconds, with every latency in ms (sorted).
 */
export async function load({ port, connections, requests, forMs, onAnswer = () => undefined }) {
  const source = requests[Symbol.iterator]();
  const statuses = new Map();
  const latencies = [];
  const startedAt = performance.now();
  const until = startedAt + forMs;
  await Promise.all(
    Array.from({ length: connections }, () =>
      drive(
        port,
        () => (performance.now() < until ? source.next().value : undefined),
        (answer) => {
          statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
          latencies.push(answer.ms);
          onAnswer(answer);
        },
      ),
    ),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  latencies.sort((a, b) => a - b);
  return {
    count: latencies.length,
    perSecond: latencies.length / seconds,
    seconds,
    statuses: Object.fromEntries(statuses),
    latencies,
  };
}

/** One connection: the next request as soon as the answer to the last is whole. */
function drive(port, next, done) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let pending = Buffer.alloc(0);
    let sentAt = 0;
    let request;
    const send = () => {
      request = next();
      if (request === undefined) return socket.end();
      sentAt = performance.now();
      socket.write(request.bytes ?? request);
    };
    socket.on('connect', send);
    socket.on('data', (chunk) => {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      const answer = read(pending);
      if (answer === null) return;
      pending = pending.subarray(answer.length);
      done({ request, status: answer.status, body: answer.body, ms: performance.now() - sentAt });
      send();
    });
    socket.on('error', reject);
    socket.on('close', resolve);
  });
}

/**
 * The first whole answer in `bytes`, or null while it is not whole. Every answer here says its
 * length, or has none.
 */
export function read(bytes) {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return null;
  const head = bytes.toString('latin1', 0, end);
  const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
  if (bytes.length < end + 4 + length) return null;
  return {
    status: Number(head.slice(9, 12)),
    body: bytes.subarray(end + 4, end + 4 + length),
    head,
    length: end + 4 + length,
  };
}

/** The request as bytes. */
export function message(method, path, headers, body = '') {
  const lines = Object.entries({
    host: '127.0.0.1',
    ...headers,
    ...(body === '' ? {} : { 'content-length': Buffer.byteLength(body) }),
  });
  return Buffer.from(
    `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`,
  );
}

/** The value below which `share` (0 to 1) of the sorted `values` lie. */
export function quantile(values, share) {
  return values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;
}
