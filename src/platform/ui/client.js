/* global document, navigator, setTimeout */
/** Copy buttons. Every page works without this file; where it runs, the buttons show themselves. */
const shownMs = 2_000;

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
