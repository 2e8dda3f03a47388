import type { ComponentChildren } from 'preact';
import type { ButtonTone } from './form.js';

/**
 * The button that sends a form about one's own account. All of them wear exactly the class `settings-btn`, whatever
 * they do; how much one stands out is its `data-tone`. `label` names it for screen readers where its text repeats.
 */
export function SettingsButton({
  tone = 'plain',
  label,
  children,
}: {
  tone?: ButtonTone;
  label?: string;
  children: ComponentChildren;
}) {
  return (
    <button type="submit" class="settings-btn" data-tone={tone} aria-label={label}>
      {children}
    </button>
  );
}
