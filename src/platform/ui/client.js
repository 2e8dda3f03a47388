/* global document, localStorage, navigator, setTimeout, window */
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
document.querySelector('form[data-sent-at-once]')?.submit();

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

/** What a key goes to, or presses. The keys can be turned off, which this browser remembers. */
const keyed = new Map(
  [...document.querySelectorAll('[aria-keyshortcuts]')].map((element) => [
    element.getAttribute('aria-keyshortcuts'),
    element,
  ]),
);
const areKeysOff = () => localStorage.getItem('keys') === 'off';
const keySwitch = document.querySelector('button[data-keys-off]');
function showKeys() {
  for (const [key, element] of keyed)
    if (areKeysOff()) element.removeAttribute('aria-keyshortcuts');
    else element.setAttribute('aria-keyshortcuts', key);
  keySwitch.textContent = areKeysOff() ? keySwitch.dataset.keysOn : keySwitch.dataset.keysOff;
}
if (keySwitch !== null) showKeys();
keySwitch?.addEventListener('click', () => {
  localStorage.setItem('keys', areKeysOff() ? 'on' : 'off');
  showKeys();
});

/** Not inside of a field, which takes the key itself. */
document.addEventListener('keydown', (event) => {
  const { key, target, ctrlKey, metaKey, altKey, repeat } = event;
  const isTyping = ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
  const element = keyed.get(key);
  if (element === undefined || isTyping || ctrlKey || metaKey || altKey || repeat || areKeysOff()) return;
  event.preventDefault();
  if (element.matches('input')) element.focus();
  else element.click();
});
