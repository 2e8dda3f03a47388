import { renderToString, type Children } from '#jsx/jsx-runtime';
import { useTranslate } from './render-page.js';

/**
 * A form that changes something. `csrf` is the session's form token; an anonymous visitor has none.
 */
export interface FormProps {
  action: string;
  csrf?: string | undefined;
  inline?: boolean;
  children: Children;
}

/** A form that is sent by POST and carries the session's token. */
export function Form({ action, csrf, inline = false, children }: FormProps) {
  return (
    <form method="post" action={action} class={inline ? 'form form-inline' : 'form'}>
      {csrf ? <input type="hidden" name="_csrf" value={csrf} /> : null}
      {children}
    </form>
  );
}

/** An input with its label. `hint` says what to type; `id` must be the only one on its page. */
export interface FieldProps {
  id: string;
  name: string;
  label: string;
  value?: string;
  type?: 'text' | 'email' | 'number' | 'search' | 'date';
  inputmode?: 'decimal';
  hint?: Children;
  autocomplete?: string;
  required?: boolean;
  autofocus?: boolean;
  invalid?: boolean;
  maxlength?: number;
  min?: number;
  max?: number;
  /** The key that goes to this field, where scripts run and no field is being filled in. */
  shortcut?: string;
}

/** One line of text. */
export function Field({ id, label, hint, invalid = false, type = 'text', shortcut, ...input }: FieldProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type={type as 'text'} // the renderer's types distinguish only literal types
        aria-invalid={invalid ? 'true' : undefined}
        aria-describedby={hint ? `${id}-hint` : undefined}
        aria-keyshortcuts={shortcut}
        {...input}
      />
      {hint ? (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      ) : null}
    </div>
  );
}

/**
 * The six digits of a mailed code: digits keyboard, filled in from the message where the system
 * can.
 */
export function CodeField({
  id,
  name = 'code',
  label,
  autofocus = false,
  invalid = false,
}: Pick<FieldProps, 'id' | 'label' | 'autofocus' | 'invalid'> & { name?: string }) {
  const t = useTranslate();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        name={name}
        class="code-input"
        inputmode="numeric"
        autocomplete="one-time-code"
        pattern="\s*(\d\s*){6}"
        title={t('form.sixDigits')}
        maxlength={12}
        required
        autofocus={autofocus}
        aria-invalid={invalid ? 'true' : undefined}
      />
    </div>
  );
}

/** A choice from a list. A value that is none of a long list is added to it. */
export function SelectField({
  id,
  name,
  label,
  value,
  options,
}: {
  id: string;
  name: string;
  label: string;
  value: string;
  options: Options | PrerenderedOptions;
}) {
  const isLong = options instanceof PrerenderedOptions;
  const markup = isLong ? options.toHtml(value) : null;
  const all = isLong ? [...options.options, [value, value] as const] : options;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {markup !== null ? (
        <select id={id} name={name} dangerouslySetInnerHTML={{ __html: markup }} />
      ) : (
        <select id={id} name={name}>
          {all.map((option) => (
            <Choice key={option[0]} option={option} selected={option[0] === value} />
          ))}
        </select>
      )}
    </div>
  );
}

/** How much a button stands out. */
export type ButtonTone = 'main' | 'plain' | 'quiet' | 'danger';

/**
 * The button that sends its form, with `name` and `value` where several buttons do different
 * things. `label` names it for screen readers where its text repeats; `shortcut` is its key.
 */
export function SubmitButton({
  tone = 'main',
  name,
  value,
  label,
  shortcut,
  children,
}: {
  tone?: ButtonTone;
  name?: string;
  value?: string;
  label?: string;
  shortcut?: string | undefined;
  children: Children;
}) {
  return (
    <button
      type="submit"
      class="btn"
      data-tone={tone}
      name={name}
      value={value}
      aria-label={label}
      aria-keyshortcuts={shortcut}
    >
      {children}
    </button>
  );
}

/**
 * The button that sends a form about one's own account. All of them wear exactly the class
 * `settings-btn`, whatever they do; how much one stands out is its `data-tone`. `label` names it
 * for screen readers where its text repeats.
 */
export function SettingsButton({
  tone = 'plain',
  label,
  children,
}: {
  tone?: ButtonTone;
  label?: string;
  children: Children;
}) {
  return (
    <button type="submit" class="settings-btn" data-tone={tone} aria-label={label}>
      {children}
    </button>
  );
}

type Option = readonly [value: string, label: string];
/** What can be chosen: value and label. */
export type Options = readonly Option[];

/** Without a value, an option stands for its text. */
function Choice({ option: [value, text], selected }: { option: Option; selected: boolean }) {
  return (
    <option value={value === text ? undefined : value} selected={selected}>
      {text}
    </option>
  );
}

/**
 * What can be chosen from a list of hundreds that is the same for everybody, such as time zones:
 * written out once.
 */
export class PrerenderedOptions {
  private readonly optionHtml: ReadonlyMap<string, { plain: string; chosen: string }>;
  private readonly allHtml: string;

  constructor(readonly options: Options) {
    const write = (own: Option, selected: boolean): string =>
      renderToString(<Choice option={own} selected={selected} />);
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
