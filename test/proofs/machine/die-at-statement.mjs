// Loaded into a real process with --import: it dies, as by SIGKILL, at one statement of the delivery of one event.
import pg from 'pg';

// Its time stands still, as that of the one who tells it the other events.
const now = Number(process.env.DIES_AT_MOMENT);
const Flowing = Date;
globalThis.Date = class extends Flowing {
  constructor(...words) {
    super(...(words.length === 0 ? [now] : words));
  }
  static now() {
    return now;
  }
};

const { DIES_AT_EVENT: eventId, DIES_AT_STATEMENT: statement, DIES_WHEN: when } = process.env;
const whole = pg.Client.prototype.query;
const dying = new Set(); // the one connection that the event is taken on
let count = -1;

pg.Client.prototype.query = function (...words) {
  const [text, values] = words;
  if (typeof text === 'string' && text.includes('INSERT INTO billing.inbox') && values?.[0] === eventId)
    dying.add(this);
  if (!dying.has(this) || typeof words.at(-1) === 'function') return whole.apply(this, words);
  count++;
  const isIt = statement === 'COMMIT' ? text === 'COMMIT' : count === Number(statement);
  if (!isIt) return whole.apply(this, words);
  if (when === 'before') die();
  return whole.apply(this, words).then(die);
};

function die() {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => {}); // the signal comes at once; nothing may follow meanwhile
}
