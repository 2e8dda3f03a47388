import type { Action, ActionGroup } from '../actions/action.js';
import type { ResourceType, Resources } from '../store/resources.js';

/** The buttons of a row that fit its object as it is, the rarer ones behind "More". `of` names the row for who cannot see it. */
export function ActionButtons<K extends ResourceType>({
  actionGroup,
  object,
  of,
}: {
  actionGroup: ActionGroup<K>;
  object: Resources[K];
  of: string;
}) {
  const available = actionGroup.actions.filter(
    (button) => button.shown !== undefined && button.isAvailable(object),
  );
  const more = available.filter(({ shown }) => shown === 'more');
  // Nothing is gained by hiding all that there is.
  const first =
    available.length === more.length ? more : available.filter((button) => !more.includes(button));
  if (available.length === 0) return null;
  return (
    <form
      method="post"
      action={`/${actionGroup.path}/${object.id}`}
      class="actions"
      aria-label={`Actions for ${of}`}
    >
      {first.map((button) => (
        <ActionButton key={button.name} action={button} object={object} of={of} />
      ))}
      {more.length > 0 && first !== more && (
        <details class="more">
          <summary aria-label={`More for ${of}`}>More</summary>
          <div class="actions">
            {more.map((button) => (
              <ActionButton key={button.name} action={button} object={object} of={of} />
            ))}
          </div>
        </details>
      )}
    </form>
  );
}

function ActionButton<K extends ResourceType>({
  action,
  object,
  of,
}: {
  action: Action<K>;
  object: Resources[K];
  of: string;
}) {
  const label = typeof action.label === 'string' ? action.label : action.label(object);
  return (
    <button
      name="action"
      value={action.name}
      class={action.danger === true ? 'danger' : undefined}
      aria-label={`${label}: ${of}`}
    >
      {label}
    </button>
  );
}
