import { renderToString } from 'preact-render-to-string';

/** What can be chosen: value and label. */
export type Options = readonly (readonly [value: string, label: string])[];

/** What can be chosen from a list of hundreds that is the same for everybody, such as time zones: written out once. */
export class PrerenderedOptions {
  private readonly optionHtml: ReadonlyMap<string, { plain: string; chosen: string }>;
  private readonly allHtml: string;

  constructor(readonly options: Options) {
    const write = (own: Options[number], selected: boolean): string =>
      renderToString(
        <option value={own[0]} selected={selected}>
          {own[1]}
        </option>,
      );
    this.optionHtml = new Map(
      options.map((own) => [own[0], { plain: write(own, false), chosen: write(own, true) }]),
    );
    this.allHtml = [...this.optionHtml.values()].map(({ plain }) => plain).join('');
  }

  /** All of them as HTML, with `value` chosen; null when it is none of them. */
  toHtml(value: string): string | null {
    const own = this.optionHtml.get(value);
    return own === undefined ? null : this.allHtml.replace(own.plain, () => own.chosen);
  }
}
