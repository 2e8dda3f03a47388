import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { frontendReader, backendReader } from './postgres-messages.js';

/**
 * What to do at one statement of a transaction: nothing of it reaches the server, or it is done and
 * the answer is lost.
 */
export type ConnectionCut = { at: number; before: boolean };

/** A road to PostgreSQL that can break at any statement. */
export interface PostgresProxy {
  /** The database's address by this road. */
  url: string;
  /** Statements of transactions that passed since {@link cutAt}, in their order. */
  statements: readonly string[];
  /** Whether the road was cut since then. */
  isCut: boolean;
  /** Counts from here, and cuts the connection at one statement; without `cut` it only counts. */
  cutAt(cut?: ConnectionCut, beforeCut?: () => Promise<void>): void;
  close(): Promise<void>;
}

/**
 * Listens on a road to `databaseUrl`. Only statements between BEGIN and the end of a transaction
 * are counted, both included, over all connections.
 */
export async function startProxy(databaseUrl: string): Promise<PostgresProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const state = {
    statements: [] as string[],
    isCut: false,
    cut: undefined as ConnectionCut | undefined,
    beforeCut: doNothing,
  };
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
    relayConnection(client, upstream, state);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: Object.assign(new URL(databaseUrl), { hostname: '127.0.0.1', port: String(port) }).href,
    get statements() {
      return state.statements;
    },
    get isCut() {
      return state.isCut;
    },
    cutAt: (cut, beforeCut = doNothing) =>
      void Object.assign(state, { statements: [], isCut: false, cut, beforeCut }),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

interface ProxyState {
  statements: string[];
  isCut: boolean;
  cut: ConnectionCut | undefined;
  /** What happens at the cut, before the connection breaks. */
  beforeCut: () => Promise<void>;
}

const doNothing = () => Promise.resolve();

/** Carries one connection both ways, message by message. */
function relayConnection(client: Socket, upstream: Socket, state: ProxyState): void {
  let inTransaction = false;
  let dropsRequests = false; // nothing more of what the client says arrives
  let expectedAnswers = 0; // statements travel together: so many answers are owed
  let receivedAnswers = -1; // the first time it is ready is for the greeting
  let dropAnswersFrom = Infinity; // from this answer on nothing that the server says arrives
  const cutConnection = async () => {
    state.isCut = true;
    await state.beforeCut();
    client.destroy();
    upstream.destroy();
  };
  client.on(
    'data',
    frontendReader((message, statement, asks) => {
      if (dropsRequests) return;
      if (statement !== null && (inTransaction || isBegin(statement))) {
        inTransaction = !/^(COMMIT|ROLLBACK)/i.test(statement);
        const isHere = !state.isCut && state.cut?.at === state.statements.length;
        state.statements.push(statement);
        dropsRequests = isHere && state.cut?.before === true;
        if (isHere && state.cut?.before === false) dropAnswersFrom = expectedAnswers + 1;
        if (dropsRequests) return void cutConnection();
      }
      if (asks) expectedAnswers++;
      upstream.write(message);
    }),
  );
  upstream.on(
    'data',
    backendReader((message, isReady) => {
      const isMute = receivedAnswers + 1 >= dropAnswersFrom;
      if (!isMute) client.write(message);
      else if (isReady) void cutConnection();
      if (isReady) receivedAnswers++;
    }),
  );
}

function isBegin(statement: string): boolean {
  return /^(BEGIN|START TRANSACTION)/i.test(statement);
}
