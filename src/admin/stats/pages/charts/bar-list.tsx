import { scaleLinear } from 'd3-scale';
import { max } from 'd3-array';

/** A named value with a bar; `text` is the value as a person reads it. */
export interface Bar {
  name: string;
  value: number;
  text: string;
}

/** Values below each other, each with a bar as long as its share of the largest. */
export function BarList({ label, bars }: { label: string; bars: readonly Bar[] }) {
  const x = scaleLinear([0, Math.max(1, max(bars, ({ value }) => value) ?? 1)], [0, 100]);
  return (
    <ul class="bar-list" aria-label={label}>
      {bars.map(({ name, value, text }) => (
        <li key={name} tabindex={0}>
          <span>{name}</span>
          <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
            <title>{text}</title>
            <rect class="bar-list-all" width="100" height="10" />
            <rect class="bar-list-bar" width={Math.round(x(value) * 100) / 100} height="10" />
          </svg>
          <b>{text}</b>
        </li>
      ))}
    </ul>
  );
}
