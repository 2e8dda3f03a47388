/* global document, navigator, setTimeout, window */
/** Every page works without this file; where it runs, buttons that need it show themselves. */
const shownMs = 2_000;
/** As long, a form that was sent cannot be sent again. */
const sentMs = 5_000;

if (navigator.clipboard !== undefined)
  for (const button of document.querySelectorAll('button[data-copy]')) {
    const label = button.textContent;
    button.hidden = false;
    button.setAttribute('aria-live', 'polite');
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = button.dataset.copied;
      setTimeout(() => (button.textContent = label), shownMs);
    });
  }

/** What only makes sense where this file runs. */
for (const element of document.querySelectorAll('[data-scripted]')) element.hidden = false;

if (navigator.share !== undefined)
  for (const button of document.querySelectorAll('button[data-share-url]')) {
    button.hidden = false;
    button.addEventListener('click', () => {
      // refused where the person closes the menu
      navigator
        .share({ url: button.dataset.shareUrl, text: button.dataset.shareText })
        .catch(() => undefined);
    });
  }

/** The time zone of a person who may be new. */
for (const field of document.querySelectorAll('input[data-time-zone]'))
  field.value = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A double click sends a form once. Its buttons come back: a form may answer with a file. */
document.addEventListener('submit', ({ target, defaultPrevented }) => {
  if (defaultPrevented || target.method !== 'post') return;
  const buttons = [...target.querySelectorAll('button[type="submit"]')];
  const setDisabled = (isDisabled) => buttons.forEach((button) => (button.disabled = isDisabled));
  // afterwards: a button that is disabled sends no value
  setTimeout(() => setDisabled(true));
  setTimeout(() => setDisabled(false), sentMs);
  window.addEventListener('pageshow', () => setDisabled(false), { once: true });
});

/** A key goes to the field, or presses the button or link, that names it; not inside of a field. */
document.addEventListener('keydown', (event) => {
  const { key, target, ctrlKey, metaKey, altKey, repeat } = event;
  const isTyping = ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
  if (isTyping || ctrlKey || metaKey || altKey || repeat || !/^[a-z]$/.test(key)) return;
  const named = document.querySelector(`[aria-keyshortcuts="${key}"]`);
  if (named === null) return;
  event.preventDefault();
  if (named.matches('input')) named.focus();
  else named.click();
});
