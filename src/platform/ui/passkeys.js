/* global document, SimpleWebAuthnBrowser */
/** Buttons that ask the browser for a passkey, and send what it answers with their form. */
const { browserSupportsWebAuthn, startAuthentication, startRegistration } = SimpleWebAuthnBrowser;

async function sendAnswer(button) {
  const { form, dataset } = button;
  const problem = document.getElementById(dataset.problem);
  problem.hidden = true;
  button.disabled = true;
  try {
    const optionsJSON = JSON.parse(dataset.options);
    const answer = await (dataset.passkey === 'add' ? startRegistration : startAuthentication)({
      optionsJSON,
    });
    form.elements[dataset.field].value = JSON.stringify(answer);
    form.submit(); // without the field for a code, which is required where it is sent
  } catch {
    problem.hidden = false;
    button.disabled = false;
  }
}

if (browserSupportsWebAuthn())
  for (const button of document.querySelectorAll('button[data-passkey]')) {
    button.hidden = false;
    button.addEventListener('click', () => sendAnswer(button));
  }
