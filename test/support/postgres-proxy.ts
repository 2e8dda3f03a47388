import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { frontendReader, backendReader } from './postgres-messages.js';

/** What to do at one statement of a transaction: nothing of it reaches the server, or it is done and nobody hears of it. */
export type Cut = { at: number; before: boolean };

/** A road to PostgreSQL that can break at any statement. */
export interface PostgresProxy {
  /** The database's address by this road. */
  url: string;
  /** Statements of transactions that passed since {@link arm}, in their order. */
  passed: readonly string[];
  /** Whether the road was cut since then. */
  isCut: boolean;
  /** Counts from here, and cuts the connection at one statement; without `cut` it only counts. */
  arm(cut?: Cut, meanwhile?: () => Promise<void>): void;
  close(): Promise<void>;
}

/**
 * Listens on a road to `databaseUrl`. Only statements between BEGIN and the end of a transaction are counted, both
 * included, over all connections.
 */
export async function proxyTo(databaseUrl: string): Promise<PostgresProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const state = { passed: [] as string[], isCut: false, cut: undefined as Cut | undefined, meanwhile: calm };
  const server = createServer((client) => {
    const upstream = connect({ host: target.hostname, port: Number(target.port) });
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.setNoDelay(true);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
    carry(client, upstream, state);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: Object.assign(new URL(databaseUrl), { hostname: '127.0.0.1', port: String(port) }).href,
    get passed() {
      return state.passed;
    },
    get isCut() {
      return state.isCut;
    },
    arm: (cut, meanwhile = calm) => void Object.assign(state, { passed: [], isCut: false, cut, meanwhile }),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Road {
  passed: string[];
  isCut: boolean;
  cut: Cut | undefined;
  /** What happens at the cut, before the connection breaks. */
  meanwhile: () => Promise<void>;
}

const calm = () => Promise.resolve();

/** Carries one connection both ways, message by message. */
function carry(client: Socket, upstream: Socket, road: Road): void {
  let inTransaction = false;
  let isDeaf = false; // nothing more of what the client says arrives
  let asked = 0; // statements travel together: so many answers are owed
  let heard = -1; // the first time it is ready is for the greeting
  let muteFrom = Infinity; // from this answer on nothing that the server says arrives
  const breakHere = async () => {
    road.isCut = true;
    await road.meanwhile();
    client.destroy();
    upstream.destroy();
  };
  client.on(
    'data',
    frontendReader((message, statement, asks) => {
      if (isDeaf) return;
      if (statement !== null && (inTransaction || isBegin(statement))) {
        inTransaction = !/^(COMMIT|ROLLBACK)/i.test(statement);
        const isHere = !road.isCut && road.cut?.at === road.passed.length;
        road.passed.push(statement);
        isDeaf = isHere && road.cut?.before === true;
        if (isHere && road.cut?.before === false) muteFrom = asked + 1;
        if (isDeaf) return void breakHere();
      }
      if (asks) asked++;
      upstream.write(message);
    }),
  );
  upstream.on(
    'data',
    backendReader((message, isReady) => {
      const isMute = heard + 1 >= muteFrom;
      if (!isMute) client.write(message);
      else if (isReady) void breakHere();
      if (isReady) heard++;
    }),
  );
}

function isBegin(statement: string): boolean {
  return /^(BEGIN|START TRANSACTION)/i.test(statement);
}
