import { max } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';
import { useTranslate } from '../../../../platform/ui/render-page.js';
import type { ForecastDto } from '../../stats.dto.js';
import { ChartFrame, drawing } from '../../../../platform/ui/charts/chart-frame.js';

/**
 * The unused days of past weeks as a line, then what is expected, in the band that it will likely
 * stay in.
 */
export function ForecastChart({
  forecast: { past, weeks },
  summary,
  steps,
}: {
  forecast: ForecastDto;
  summary: string;
  steps: readonly string[];
}) {
  const t = useTranslate();
  const present = past.at(-1) ?? 0;
  const ahead = [{ days: present, low: present, high: present }, ...weeks];
  const y = scaleLinear(
    [0, Math.max(1, max([...past, ...weeks.map(({ high }) => high)]) ?? 1)],
    [drawing.height, 0],
  ).nice(4);
  // the middle of the step's column
  const x = (index: number) => ((index + 0.5) / steps.length) * drawing.width;
  const aheadX = (_: unknown, index: number) => x(past.length - 1 + index);
  const band = area<(typeof ahead)[number]>(
    aheadX,
    ({ low }) => y(low),
    ({ high }) => y(high),
  ).digits(1);
  const expected = line<(typeof ahead)[number]>(aheadX, ({ days }) => y(days)).digits(1);
  const known = line<number>((_, index) => x(index), y).digits(1);
  const column = (of: (week: ForecastDto['weeks'][number]) => number) => [...past, ...weeks.map(of)];
  return (
    <ChartFrame
      id="forecast"
      summary={summary}
      steps={steps}
      ticks={y.ticks(4)}
      series={[
        { name: t('stats.forecast.days'), shade: 3, values: column(({ days }) => days) },
        { name: t('stats.forecast.low'), shade: 1, values: column(({ low }) => low) },
        { name: t('stats.forecast.high'), shade: 1, values: column(({ high }) => high) },
      ]}
    >
      <path class="chart-band" d={band(ahead) ?? ''} />
      <path class="chart-path" d={known(past) ?? ''} />
      <path class="chart-path chart-path-ahead" d={expected(ahead) ?? ''} />
    </ChartFrame>
  );
}
