import { expect, it } from 'vitest';
import { renderPage } from '../render-page.js';
import { ColumnChart } from './column-chart.js';

const scaleOf = (...values: number[]) => {
  const page = renderPage(
    <ColumnChart
      id="x"
      summary="x"
      series={[{ name: 'x', shade: 2, values }]}
      steps={values.map((_, index) => `step ${index}`)}
    />,
    'en',
  );
  const [, scale = ''] = /<div class="chart-scale"[^>]*>(.*?)<\/div>/.exec(page) ?? [];
  return [...scale.matchAll(/<span>([^<]*)<\/span>/g)].map(([, text]) => text);
};

it.each([
  [[0], ['1', '0']],
  [[1], ['1', '0']],
  [
    [2, 1],
    ['2', '1', '0'],
  ],
  [[8], ['8', '6', '4', '2', '0']],
  [[1.1], ['2', '1', '0']],
  [
    [90, -45],
    ['100', '50', '0', '-50'],
  ],
])('the scale of %j has whole numbers, each once', (values, scale) => {
  expect(scaleOf(...values)).toEqual(scale);
});
