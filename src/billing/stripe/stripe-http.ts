import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import Stripe from 'stripe';
import { RetryBudget, type CircuitBreaker } from '../../platform/circuit-breaker.js';

type Call = Parameters<Stripe.HttpClient['makeRequest']>;
type Answer = Stripe.HttpClientResponse;

const maxAttempts = 3;
const pauseMs = 300;
/** With less time left than this another try is pointless. */
const minRemainingMs = 500;

/**
 * The SDK's way to the network, through a circuit breaker. It repeats what failed on its way or was
 * refused for a moment, while the retry budget lasts; all tries of a call together take no longer
 * than its timeout. The SDK must not repeat by itself. Each of its POSTs has an idempotency key, so
 * repeating does nothing twice.
 */
export function createGuardedHttpClient(circuit: CircuitBreaker): Stripe.HttpClient {
  const network = Stripe.createNodeHttpClient();
  const budget = new RetryBudget();
  return {
    getClientName: () => network.getClientName(),
    makeRequest: async (...call: Call) => {
      const endsAt = performance.now() + call[7];
      const canRetry = (tries: number): boolean =>
        tries < maxAttempts &&
        endsAt - performance.now() > pauseMs * tries + minRemainingMs &&
        circuit.isClosed &&
        budget.tryConsume();
      for (let tries = 1; ; tries++) {
        const tried = await tryOnce(network, { circuit, call, endsAt }).catch(withoutRetryCode);
        if (tried instanceof Error) {
          if (!canRetry(tries)) throw tried;
        } else {
          if (!shouldRetry(tried)) budget.recordSuccess();
          if (!shouldRetry(tried) || !canRetry(tries)) return tried;
          (tried.getRawResponse() as IncomingMessage).on('error', () => undefined).resume();
        }
        await pause(pauseMs * tries * (0.5 + Math.random() / 2));
      }
    },
  };
}

async function tryOnce(
  network: Stripe.HttpClient,
  { circuit, call, endsAt }: { circuit: CircuitBreaker; call: Call; endsAt: number },
): Promise<Answer> {
  const [host, port, path, method, headers, data, protocol] = call;
  const report = circuit.acquire();
  const leftMs = () => Math.max(1, Math.round(endsAt - performance.now()));
  try {
    const pending = network.makeRequest(host, port, path, method, headers, data, protocol, leftMs());
    const answer = await withDeadline(pending, leftMs());
    const body = answer.getRawResponse() as IncomingMessage;
    const alarm = setTimeout(() => body.destroy(Stripe.HttpClient.makeTimeoutError()), leftMs());
    body.once('end', () => report(!isServerError(answer)));
    body.once('close', () => {
      clearTimeout(alarm);
      report(false);
    });
    return answer;
  } catch (error) {
    report(false);
    throw error;
  }
}

/**
 * The SDK counts from the connection on: one that is never made would hold its caller for minutes.
 */
async function withDeadline(pending: Promise<Answer>, ms: number): Promise<Answer> {
  let isLate = false;
  let alarm: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    alarm = setTimeout(() => {
      isLate = true;
      reject(Stripe.HttpClient.makeTimeoutError());
    }, ms);
  });
  pending
    .then((answer) => {
      if (isLate) (answer.getRawResponse() as IncomingMessage).on('error', () => undefined).destroy();
    })
    .catch(() => undefined);
  return Promise.race([pending, deadline]).finally(() => clearTimeout(alarm));
}

/**
 * Stripe itself is in trouble. A 429 is none: it answers, and one busy caller must not close it for
 * the others.
 */
function isServerError(answer: Answer): boolean {
  return answer.getStatusCode() >= 500;
}

/** By the SDK's own rules. */
function shouldRetry(answer: Answer): boolean {
  const advice = answer.getHeaders()['stripe-should-retry'];
  if (advice === 'true' || advice === 'false') return advice === 'true';
  return answer.getStatusCode() === 409 || answer.getStatusCode() >= 500;
}

/** Without the codes by which the SDK would repeat the call once more by itself. */
function withoutRetryCode(error: unknown): Error {
  const code = (error as { code?: unknown }).code;
  if (error instanceof Error && !Stripe.HttpClient.CONNECTION_CLOSED_ERROR_CODES.includes(String(code)))
    return error;
  return new Error(`The connection to Stripe was closed (${String(code)})`, { cause: error });
}
