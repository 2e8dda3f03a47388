import { disposableEmailBlocklistSet } from 'disposable-email-domains-js';

/**
 * What an e-mail domain is known as. `unclassified`: it could not be looked up, so a person has to
 * check it.
 */
export type DomainClass = 'familiar' | 'unfamiliar' | 'disposable' | 'unclassified';

/** Providers of most people's mailboxes: their domains are no evidence. */
const familiarDomains = new Set([
  ...[
    'gmail.com',
    'googlemail.com',
    'outlook.com',
    'hotmail.com',
    'live.com',
    'msn.com',
    'yahoo.com',
    'ymail.com',
  ],
  ...[
    'icloud.com',
    'me.com',
    'mac.com',
    'aol.com',
    'proton.me',
    'protonmail.com',
    'pm.me',
    'fastmail.com',
    'hey.com',
  ],
  ...[
    'gmx.de',
    'gmx.net',
    'gmx.at',
    'gmx.ch',
    'web.de',
    't-online.de',
    'freenet.de',
    'posteo.de',
    'mailbox.org',
  ],
  ...[
    'orange.fr',
    'free.fr',
    'laposte.net',
    'libero.it',
    'bluewin.ch',
    'btinternet.com',
    'comcast.net',
    'qq.com',
  ],
]);

/**
 * What the domain of an address is known as. `extraDisposableDomains`: domains that the operator
 * counts as disposable, too.
 */
export function classifyEmailDomain(
  email: string,
  extraDisposableDomains: readonly string[] = [],
): DomainClass {
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  if (!/^([a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}$/.test(domain)) return 'unclassified';
  if (familiarDomains.has(domain)) return 'familiar';
  const parents = domain.split('.').map((_, index, parts) => parts.slice(index).join('.'));
  const isDisposable = parents.some(
    (parent) => extraDisposableDomains.includes(parent) || disposableDomains().has(parent),
  );
  return isDisposable ? 'disposable' : 'unfamiliar';
}

let loadedDomains: ReadonlySet<string> | null = null;

/** Made once, with the first use: the library makes a new set for each look-up, in milliseconds. */
function disposableDomains(): ReadonlySet<string> {
  return (loadedDomains ??= disposableEmailBlocklistSet());
}
