import { renderToString } from 'preact-render-to-string';

/** What can be chosen: value and label. */
export type Options = readonly (readonly [value: string, label: string])[];

/** What can be chosen from a list of hundreds that is the same for everybody, such as time zones: written out once. */
export class LongOptions {
  private readonly texts: ReadonlyMap<string, { plain: string; chosen: string }>;
  private readonly all: string;

  constructor(readonly options: Options) {
    const write = (own: Options[number], selected: boolean): string =>
      renderToString(
        <option value={own[0]} selected={selected}>
          {own[1]}
        </option>,
      );
    this.texts = new Map(
      options.map((own) => [own[0], { plain: write(own, false), chosen: write(own, true) }]),
    );
    this.all = [...this.texts.values()].map(({ plain }) => plain).join('');
  }

  /** All of them as HTML, with `value` chosen; null when it is none of them. */
  markup(value: string): string | null {
    const own = this.texts.get(value);
    return own === undefined ? null : this.all.replace(own.plain, () => own.chosen);
  }
}
