import { extent } from 'd3-array';
import { scaleBand, scaleLinear } from 'd3-scale';
import { ChartFrame, drawing, type ChartSeries } from './chart-frame.js';

/**
 * Columns over time, one series before the other; each is distinguished by its breadth as well as
 * its shade. Numbers below 0 hang from the line.
 */
export function ColumnChart({
  id,
  summary,
  series,
  steps,
}: {
  id: string;
  summary: string;
  series: readonly ChartSeries[];
  steps: readonly string[];
}) {
  const [least = 0, most = 0] = extent([0, ...series.flatMap(({ values }) => values)]);
  const [bottom, top] = [Math.floor(least), Math.ceil(Math.max(most, least + 1))];
  const tickCount = Math.min(4, top - bottom); // whole numbers only
  const y = scaleLinear([bottom, top], [drawing.height, 0]).nice(tickCount);
  const x = scaleBand(
    steps.map((_, index) => index),
    [0, drawing.width],
  );
  return (
    <ChartFrame {...{ id, summary, series, steps }} ticks={y.ticks(tickCount)}>
      {series.map(({ name, shade, values }) => (
        <g key={name} class="chart-bars" data-shade={shade}>
          {values.map((value, index) => {
            if (value === 0) return null;
            const width = x.bandwidth() * (1 - shade * 0.22);
            return (
              <rect
                key={index}
                x={round((x(index) ?? 0) + (x.bandwidth() - width) / 2)}
                y={round(y(Math.max(0, value)))}
                width={round(width)}
                height={round(Math.abs(y(value) - y(0)))}
              />
            );
          })}
        </g>
      ))}
      <line class="chart-line" x1="0" x2={drawing.width} y1={round(y(0))} y2={round(y(0))} />
    </ChartFrame>
  );
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
