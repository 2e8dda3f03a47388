import type { Button, Panel } from '../buttons/button.js';
import type { ResourceType, Resources } from '../store/resources.js';

/** The buttons of a row that fit its object as it is, the rarer ones behind "More". `of` names the row for who cannot see it. */
export function Actions<K extends ResourceType>({
  panel,
  object,
  of,
}: {
  panel: Panel<K>;
  object: Resources[K];
  of: string;
}) {
  const fitting = panel.buttons.filter((button) => button.shown !== undefined && button.fits(object));
  const more = fitting.filter(({ shown }) => shown === 'more');
  // Nothing is gained by hiding all that there is.
  const first = fitting.length === more.length ? more : fitting.filter((button) => !more.includes(button));
  if (fitting.length === 0) return null;
  return (
    <form
      method="post"
      action={`/${panel.path}/${object.id}`}
      class="actions"
      aria-label={`Actions for ${of}`}
    >
      {first.map((button) => (
        <Press key={button.name} button={button} object={object} of={of} />
      ))}
      {more.length > 0 && first !== more && (
        <details class="more">
          <summary aria-label={`More for ${of}`}>More</summary>
          <div class="actions">
            {more.map((button) => (
              <Press key={button.name} button={button} object={object} of={of} />
            ))}
          </div>
        </details>
      )}
    </form>
  );
}

function Press<K extends ResourceType>({
  button,
  object,
  of,
}: {
  button: Button<K>;
  object: Resources[K];
  of: string;
}) {
  const label = typeof button.label === 'string' ? button.label : button.label(object);
  return (
    <button
      name="action"
      value={button.name}
      class={button.danger === true ? 'danger' : undefined}
      aria-label={`${label}: ${of}`}
    >
      {label}
    </button>
  );
}
