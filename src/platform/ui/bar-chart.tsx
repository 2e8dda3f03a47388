import { useTranslate } from './render-page.js';

/**
 * One row of bars: a name, a shade from 1 (pale, broad) to 3 (dark, narrow), and a figure for each
 * step.
 */
export interface BarSeries {
  name: string;
  shade: 1 | 2 | 3;
  values: number[];
}

const width = 1000;
const height = 200;

/**
 * Bars over time, one row before the other; each is distinguished by its breadth as well as its
 * shade. Numbers below 0 hang from the line. The picture only shows the course: what it says stands
 * in `summary` and in a table beside it.
 */
export function BarChart({
  id,
  summary,
  rows,
  from,
  to,
}: {
  id: string;
  summary: string;
  rows: BarSeries[];
  from: string;
  to: string;
}) {
  const t = useTranslate();
  const figures = rows.flatMap((row) => row.values);
  const most = Math.max(0, ...figures);
  const least = Math.min(0, ...figures);
  const scale = height / Math.max(1, most - least);
  const zero = most * scale;
  return (
    <figure class="chart">
      <Legend rows={rows} />
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-labelledby={`${id}-summary`}
      >
        {rows.map((row) => (
          <Row key={row.name} row={row} zero={zero} scale={scale} />
        ))}
        <line class="chart-line" x1="0" x2={width} y1={zero} y2={zero} />
      </svg>
      <p class="chart-ends hint" aria-hidden="true">
        <span>{from}</span>
        <span>{t('chart.highest', { most: Math.round(most) })}</span>
        <span>{to}</span>
      </p>
      <figcaption class="hint" id={`${id}-summary`}>
        {summary}
      </figcaption>
    </figure>
  );
}

function Legend({ rows }: { rows: BarSeries[] }) {
  return (
    <ul class="chart-legend">
      {rows.map(({ name, shade }) => (
        <li key={name}>
          <span class="chart-swatch" data-shade={shade} aria-hidden="true" />
          {name}
        </li>
      ))}
    </ul>
  );
}

function Row({ row: { values, shade }, zero, scale }: { row: BarSeries; zero: number; scale: number }) {
  const step = width / Math.max(1, values.length);
  const barWidth = step * (1 - shade * 0.22);
  return (
    <g class="chart-bars" data-shade={shade}>
      {values.map((figure, index) =>
        figure === 0 ? null : (
          <rect
            key={index}
            x={round(index * step + (step - barWidth) / 2)}
            y={round(figure > 0 ? zero - figure * scale : zero)}
            width={round(barWidth)}
            height={round(Math.abs(figure) * scale)}
          />
        ),
      )}
    </g>
  );
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
