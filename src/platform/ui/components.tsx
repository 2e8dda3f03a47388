import type { Children } from '#jsx/jsx-runtime';
import { useTranslate } from './render-page.js';

/** How a message or a mark is meant. Colour never says it alone: the words do. */
export type Tone = 'good' | 'note' | 'warn' | 'bad';

/** A message above what it is about. `bad` interrupts a screen reader, the rest waits its turn. */
export function Banner({ tone = 'note', children }: { tone?: Tone; children: Children }) {
  return (
    <div class="banner" data-tone={tone} role={tone === 'bad' ? 'alert' : 'status'}>
      {children}
    </div>
  );
}

/** What went wrong with a form, or nothing. */
export function ErrorBanner({ text }: { text: string | null | undefined }) {
  return text ? <Banner tone="bad">{text}</Banner> : null;
}

/** A short mark such as a status. */
export function Badge({ tone = 'note', children }: { tone?: Tone; children: Children }) {
  return (
    <span class="badge" data-tone={tone}>
      {children}
    </span>
  );
}

/** What stands where a list is still empty, and how something gets there. */
export function EmptyState({ title, children }: { title: string; children: Children }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      <p>{children}</p>
    </div>
  );
}

/** A titled part of a page; `id` is its anchor. */
export function Section({ id, title, children }: { id: string; title: string; children: Children }) {
  return (
    <section class="card" id={id} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      {children}
    </section>
  );
}

/**
 * A titled part of a page that is folded until it is opened, or needed. A link to its anchor opens
 * it.
 */
export function FoldedSection({
  id,
  title,
  open,
  children,
}: {
  id: string;
  title: string;
  open: boolean;
  children: Children;
}) {
  return (
    <section class="card" aria-labelledby={`${id}-title`}>
      <details class="folded" open={open}>
        <summary>
          <h2 id={`${id}-title`}>{title}</h2>
        </summary>
        <div id={id}>{children}</div>
      </details>
    </section>
  );
}

/** Names and values, side by side where there is room. */
export function DescriptionList({ items }: { items: [name: string, value: Children][] }) {
  return (
    <dl class="facts">
      {items.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A button that copies `text`. It stays hidden until the script that can copy has come. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const t = useTranslate();
  return (
    <button
      type="button"
      class="btn"
      data-tone="plain"
      data-copy={text}
      data-copied={t('copy.copied')}
      hidden
    >
      {label}
    </button>
  );
}

/** A button that opens the share menu of the device. It stays hidden where there is none. */
export function ShareButton({ url, text, label }: { url: string; text: string; label: string }) {
  return (
    <button type="button" class="btn" data-tone="plain" data-share-url={url} data-share-text={text} hidden>
      {label}
    </button>
  );
}
