/**
 * Calls back with each whole message of what a client sends; with its SQL where it starts a
 * statement, else null; `asks`: the server will say that it is ready once it has answered all up to
 * here.
 */
export function frontendReader(
  each: (message: Buffer, statement: string | null, expectsReady: boolean) => void,
): (chunk: Buffer) => void {
  let isStarted = false; // the first message has no type
  const prepared = new Map<string, string>();
  return messageReader(
    () => (isStarted ? 1 : 0),
    (message) => {
      const type = isStarted ? String.fromCharCode(message[0] ?? 0) : '';
      isStarted = true;
      each(message, statementOf(type, message, prepared), type === 'Q' || type === 'S');
    },
  );
}

/**
 * Calls back with each whole message of what the server sends; `isReady`: it has answered, and
 * waits for the next.
 */
export function backendReader(each: (message: Buffer, isReady: boolean) => void): (chunk: Buffer) => void {
  return messageReader(
    () => 1,
    (message) => each(message, message[0] === 'Z'.charCodeAt(0)),
  );
}

/**
 * Cuts a stream into messages: a type of `typeBytes`, then a length that counts itself, then the
 * rest.
 */
function messageReader(typeBytes: () => number, each: (message: Buffer) => void): (chunk: Buffer) => void {
  let waiting: Buffer = Buffer.alloc(0);
  return (chunk) => {
    waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
    for (;;) {
      const before = typeBytes();
      if (waiting.length < before + 4) return;
      const length = before + waiting.readInt32BE(before);
      if (waiting.length < length) return;
      const message = waiting.subarray(0, length);
      waiting = waiting.subarray(length);
      each(message);
    }
  };
}

/**
 * The SQL of a simple query (Q), or of one with parameters: prepared once under a name (P: the
 * name, then the text), and run by it (B: a portal, then the name).
 */
function statementOf(type: string, message: Buffer, prepared: Map<string, string>): string | null {
  if (type === 'Q') return textAt(message, 5);
  if (type === 'P') prepared.set(textAt(message, 5), textAt(message, message.indexOf(0, 5) + 1));
  return type === 'B' ? (prepared.get(textAt(message, message.indexOf(0, 5) + 1)) ?? '') : null;
}

function textAt(message: Buffer, start: number): string {
  return message.toString('utf8', start, message.indexOf(0, start));
}
