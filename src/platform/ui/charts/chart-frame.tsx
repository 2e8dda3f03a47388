import type { Children } from '#jsx/jsx-runtime';
import { formatNumber } from '../format.js';
import { useTranslate } from '../render-page.js';

/**
 * A row of a chart: its name, its shade from 1 (pale, broad) to 3 (dark, narrow), a value for each
 * step.
 */
export interface ChartSeries {
  name: string;
  shade: 1 | 2 | 3;
  values: readonly number[];
}

/**
 * The size of the drawing, which is stretched to the width of the page: it has no text, so that
 * nothing is distorted.
 */
export const drawing = { width: 1000, height: 240 };

/** With more steps, the keyboard would take too long: the table says the same. */
const mostFocusable = 62;

/**
 * What is around a drawing: legend, axes, and for each step a column that shows its values on hover
 * and focus, without a script. `summary` says what the drawing shows; a table stands beside it.
 */
export function ChartFrame({
  id,
  summary,
  series,
  ticks,
  steps,
  digits = 0,
  children,
}: {
  id: string;
  summary: string;
  series: readonly Pick<ChartSeries, 'name' | 'shade' | 'values'>[];
  ticks: readonly number[];
  steps: readonly string[];
  digits?: number;
  children: Children;
}) {
  const t = useTranslate();
  const focus = steps.length > mostFocusable ? {} : { tabindex: 0 };
  return (
    <figure class="chart">
      <ul class="chart-legend">
        {series.map(({ name, shade }) => (
          <li key={name}>
            <span class="chart-swatch" data-shade={shade} aria-hidden="true" />
            {name}
          </li>
        ))}
      </ul>
      <div class="chart-plot">
        <div class="chart-scale" aria-hidden="true">
          {[...ticks].reverse().map((tick) => (
            <span key={tick}>{formatNumber(t, tick, digits)}</span>
          ))}
        </div>
        <div class="chart-drawing">
          <svg
            viewBox={`0 0 ${drawing.width} ${drawing.height}`}
            preserveAspectRatio="none"
            role="img"
            aria-labelledby={`${id}-summary`}
          >
            <title>{summary}</title>
            {ticks.map((_, index) => (
              <line
                key={index}
                class="chart-grid"
                x1="0"
                x2={drawing.width}
                {...atTick(index, ticks.length)}
              />
            ))}
            {children}
          </svg>
          <ol class="chart-marks" aria-label={t('chart.values')}>
            {steps.map((step, index) => (
              <li key={step} {...focus} class={index * 2 < steps.length ? undefined : 'chart-mark-late'}>
                <span class="chart-tip">
                  <b>{step}</b>
                  {series.map(({ name, values }) => (
                    <span key={name}>
                      {name}: {formatNumber(t, values[index] ?? 0, digits)}
                    </span>
                  ))}
                </span>
              </li>
            ))}
          </ol>
        </div>
        <p class="chart-ends" aria-hidden="true">
          {endsOf(steps).map((step) => (
            <span key={step}>{step}</span>
          ))}
        </p>
      </div>
      <figcaption class="hint" id={`${id}-summary`}>
        {summary}
      </figcaption>
    </figure>
  );
}

function atTick(index: number, count: number): { y1: number; y2: number } {
  const y = drawing.height - (index / Math.max(1, count - 1)) * drawing.height;
  return { y1: y, y2: y };
}

/** The first step, the one in the middle and the last. */
function endsOf(steps: readonly string[]): string[] {
  const middle = steps[Math.floor((steps.length - 1) / 2)];
  return [...new Set([steps[0], middle, steps.at(-1)])].filter((step) => step !== undefined);
}
