/* global document, FormData, queueMicrotask */
/** The theme editor: shows the widget as the form says, and the lines that make it so. */
const form = document.querySelector('#preview-form');
const stage = document.querySelector('#stage');
const widget = document.createElement('twofold-referral');
stage.append(widget);
const lines = document.querySelector('#lines');
const copyButton = document.querySelector('button[data-copy]');
const samples = JSON.parse(form.dataset.samples);

/** The variables that differ from what the widget has by itself, as names and values. */
function chosenVariables(fields) {
  const colours = [...form.querySelectorAll('[data-variable]')].flatMap((group) => {
    const [light, dark] = group.querySelectorAll('input');
    const isOwn = light.value !== light.dataset.default || dark.value !== dark.dataset.default;
    return isOwn
      ? [[`--twofold-${group.dataset.variable}`, `light-dark(${light.value}, ${dark.value})`]]
      : [];
  });
  const others = ['radius', 'font'].map((name) => [`--twofold-${name}`, String(fields.get(name)).trim()]);
  // what would end the rule is no value of a variable
  return [...colours, ...others.filter(([, value]) => value !== '' && !/[{};<]/.test(value))];
}

function snippet(theme, variables) {
  const attributes = theme === '' ? '' : ` theme="${theme}"`;
  const rules = variables.map(([name, value]) => `  ${name}: ${value};`);
  return [
    `<script src="${form.dataset.baseUrl}/embed/v1.js" async></script>`,
    `<twofold-referral token-url="/api/twofold/token"${attributes}></twofold-referral>`,
    ...(rules.length === 0
      ? []
      : ['', `/* ${form.dataset.styleSheet} */`, 'twofold-referral {', ...rules, '}']),
  ].join('\n');
}

function update() {
  const fields = new FormData(form);
  const theme = fields.get('theme');
  const variables = chosenVariables(fields);
  widget.removeAttribute('style');
  for (const [name, value] of variables) widget.style.setProperty(name, value);
  widget.toggleAttribute('theme', theme !== '');
  if (theme !== '') widget.setAttribute('theme', theme);
  widget.setAttribute('lang', fields.get('language'));
  stage.style.width = fields.get('width');
  widget.sample = samples[fields.get('language')][fields.get('state')];
  const text = snippet(theme, variables);
  lines.textContent = text;
  copyButton.dataset.copy = text;
}

form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('input', update);
form.addEventListener('reset', () => queueMicrotask(update));
update();
