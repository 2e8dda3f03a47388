/** The middle of some numbers. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * What the rounds of a load add up to: medians, and the ratio to each limit as the median of the
 * rounds' own ratios.
 */
export function summaryOf({ rounds }) {
  const of = (name, figure) => {
    const values = rounds.map((round) => figure(round[name] ?? {})).filter((value) => value !== undefined);
    return values.length === 0 ? undefined : median(values);
  };
  const ratioTo = (name) => {
    const ratios = rounds
      .filter((round) => round[name])
      .map((round) => round.app.perSecond / round[name].perSecond);
    return ratios.length === 0 ? undefined : median(ratios);
  };
  return {
    perSecond: of('app', ({ perSecond, rows, seconds }) => perSecond ?? rows / seconds),
    seconds: of('app', ({ seconds }) => seconds),
    p50Ms: of('app', ({ p50Ms }) => p50Ms),
    p99Ms: of('app', ({ p99Ms }) => p99Ms),
    besideP99Ms: of('app', ({ besideP99Ms }) => besideP99Ms),
    appMicroseconds: of('app', ({ cpuMicroseconds }) => cpuMicroseconds?.app),
    databaseMicroseconds: of('app', ({ cpuMicroseconds }) => cpuMicroseconds?.database),
    memoryMb: of('app', ({ memoryMb }) => memoryMb),
    steps: of('steps', ({ perSecond }) => perSecond),
    call: of('call', ({ perSecond }) => perSecond),
    toSteps: ratioTo('steps'),
    toCall: ratioTo('call'),
    equivalent: of('equivalent', ({ perSecond }) => perSecond),
    toEquivalent: ratioTo('equivalent'),
  };
}

/** One line about a load: its ratio or figure, and whether that reaches the goal. */
export function verdictOf(result) {
  const { perSecond, toSteps, toEquivalent, p99Ms, besideP99Ms, seconds, memoryMb } = summaryOf(result);
  const figure =
    toSteps === undefined ? `${round(perSecond)} ${result.unit}/s` : `${toSteps.toFixed(2)} of the limit`;
  const checks = [
    [result.goal, toSteps >= result.goal],
    [result.goalToEquivalent, toEquivalent >= result.goalToEquivalent],
    [result.goalP99Ms, p99Ms < result.goalP99Ms],
    [result.goalBesideP99Ms, besideP99Ms < result.goalBesideP99Ms],
    [result.goalPerSecond, perSecond >= result.goalPerSecond],
    [result.goalSeconds, seconds < result.goalSeconds],
    [result.goalMemoryMb, memoryMb < result.goalMemoryMb],
  ].filter(([goal]) => goal !== undefined);
  if (checks.length === 0) return figure;
  return `${figure}, ${checks.every(([, reached]) => reached) ? 'goal reached' : 'BELOW ITS GOAL'}`;
}

/** All loads as a Markdown table, under a line about the machine. */
export function table({ machine, readyMs, results }) {
  const { cores, processor, memoryGb, node, postgres } = machine;
  const rows = Object.entries(results)
    .sort()
    .map(([letter, result]) => rowOf(letter, result));
  return [
    `${cores} cores of ${processor}, ${memoryGb} GB; Node ${node}, PostgreSQL ${postgres}; ready after ${round(median(readyMs))} ms`,
    '',
    '| | load | a second | p50 / p99 ms (beside) | CPU µs app / database | memory MB | step by step | as one call | ratio | equivalent | ratio | goal |',
    '| - | - | -: | -: | -: | -: | -: | -: | -: | -: | -: | - |',
    ...rows,
  ].join('\n');
}

function rowOf(letter, result) {
  const s = summaryOf(result);
  const cells = [
    letter,
    result.title,
    `${round(s.perSecond)} ${result.unit}${s.seconds === undefined || result.goalSeconds === undefined ? '' : ` (${s.seconds.toFixed(1)} s)`}`,
    s.p50Ms === undefined ? '' : `${s.p50Ms.toFixed(1)} / ${s.p99Ms.toFixed(1)}${besideOf(s)}`,
    s.appMicroseconds === undefined ? '' : `${round(s.appMicroseconds)} / ${round(s.databaseMicroseconds)}`,
    round(s.memoryMb),
    s.steps === undefined ? '' : round(s.steps),
    s.call === undefined ? '' : round(s.call),
    s.toSteps === undefined
      ? ''
      : `**${s.toSteps.toFixed(2)}**${s.toCall === undefined ? '' : ` / ${s.toCall.toFixed(2)}`}`,
    s.equivalent === undefined ? '' : round(s.equivalent),
    s.toEquivalent === undefined ? '' : `**${s.toEquivalent.toFixed(2)}**`,
    goalOf(result),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** The p99 of what runs beside a load. */
function besideOf({ besideP99Ms }) {
  return besideP99Ms === undefined ? '' : ` (${besideP99Ms.toFixed(1)})`;
}

function goalOf({
  goal,
  goalToEquivalent,
  goalP99Ms,
  goalBesideP99Ms,
  goalPerSecond,
  goalSeconds,
  goalMemoryMb,
}) {
  return [
    goal === undefined ? null : `ratio ≥ ${goal}`,
    goalToEquivalent === undefined ? null : `to the equivalent ≥ ${goalToEquivalent}`,
    goalP99Ms === undefined ? null : `p99 < ${goalP99Ms} ms`,
    goalBesideP99Ms === undefined ? null : `beside p99 < ${goalBesideP99Ms} ms`,
    goalPerSecond === undefined ? null : `≥ ${goalPerSecond}/s`,
    goalSeconds === undefined ? null : `< ${goalSeconds} s`,
    goalMemoryMb === undefined ? null : `< ${goalMemoryMb} MB`,
  ]
    .filter((words) => words !== null)
    .join(', ');
}

function round(value) {
  return value === undefined ? '' : Math.round(value).toLocaleString('en');
}
