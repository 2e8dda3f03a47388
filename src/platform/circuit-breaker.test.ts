import { beforeEach, describe, expect, it } from 'vitest';
import { CircuitBreaker, CircuitOpenError, RetryBudget, type CircuitState } from './circuit-breaker.js';

describe('a circuit breaker that opens after three failures, for 1 s, 2 s, 4 s and then 5 s', () => {
  let now: number;
  let changes: CircuitState[];
  let circuit: CircuitBreaker;
  beforeEach(() => {
    now = 0;
    changes = [];
    circuit = new CircuitBreaker(
      { failuresUntilOpen: 3, firstPauseMs: 1_000, longestPauseMs: 5_000 },
      (state) => changes.push(state),
      () => now,
    );
  });
  const fail = (times: number) => {
    for (let n = 0; n < times; n++) circuit.acquire()(false);
  };

  it('a circuit breaker that opens after three failures, for 1 s, 2 s, 4 s and then 5 s stays closed while failures are not in a row', () => {
    fail(2);
    circuit.acquire()(true);
    fail(2);
    expect(circuit.isClosed).toBe(true);
    expect(changes).toEqual([]);
  });

  it('a circuit breaker that opens after three failures, for 1 s, 2 s, 4 s and then 5 s asks nothing from the third failure in a row until its pause is over', () => {
    fail(3);
    expect(circuit.msUntilCall()).toBe(1_000);
    now = 999;
    expect(circuit.msUntilCall()).toBe(1);
    expect(() => circuit.acquire()).toThrow(CircuitOpenError);
    now = 1_000;
    expect(circuit.msUntilCall()).toBe(0);
    expect(() => circuit.acquire()).not.toThrow();
  });

  it('a circuit breaker that opens after three failures, for 1 s, 2 s, 4 s and then 5 s lets one call try after the pause, and all when that one succeeded', () => {
    fail(3);
    now = 1_000;
    const ended = circuit.acquire();
    expect(() => circuit.acquire()).toThrow(CircuitOpenError);
    expect(circuit.msUntilCall()).toBeGreaterThan(0);
    ended(true);
    expect(circuit.isClosed).toBe(true);
    expect(circuit.msUntilCall()).toBe(0);
    expect(changes).toEqual(['open', 'half_open', 'closed']);
  });

  it('a circuit breaker that opens after three failures, for 1 s, 2 s, 4 s and then 5 s pauses twice as long after each try that fails, up to its limit, and begins short again once one succeeded', () => {
    fail(3);
    const pauses = [];
    for (let n = 0; n < 5; n++) {
      pauses.push(circuit.msUntilCall());
      now += circuit.msUntilCall();
      fail(1);
    }
    expect(pauses).toEqual([1_000, 2_000, 4_000, 5_000, 5_000]);
    now += 5_000;
    circuit.acquire()(true);
    fail(3);
    expect(circuit.msUntilCall()).toBe(1_000);
  });

  it('a circuit breaker that opens after three failures, for 1 s, 2 s, 4 s and then 5 s takes nothing from calls that began before it opened, or that say twice how they ended', () => {
    const [slow, late] = [circuit.acquire(), circuit.acquire()];
    fail(3);
    slow(true);
    late(false);
    expect(circuit.msUntilCall()).toBe(1_000);
    now = 1_000;
    const tried = circuit.acquire();
    tried(true);
    tried(false);
    tried(false);
    tried(false);
    expect(circuit.isClosed).toBe(true);
  });
});

it('a retry budget of three allows three at once, and then one for every ten calls that succeed', () => {
  const budget = new RetryBudget(3);
  expect([1, 2, 3, 4].map(() => budget.tryConsume())).toEqual([true, true, true, false]);
  for (let n = 0; n < 9; n++) budget.recordSuccess();
  expect(budget.tryConsume()).toBe(false);
  for (let n = 0; n < 2; n++) budget.recordSuccess();
  expect(budget.tryConsume()).toBe(true);
  for (let n = 0; n < 1_000; n++) budget.recordSuccess();
  expect([1, 2, 3, 4].map(() => budget.tryConsume())).toEqual([true, true, true, false]);
});
