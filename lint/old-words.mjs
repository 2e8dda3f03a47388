/**
 * Words that Twofold no longer uses, and what to write instead. The glossary has the domain's
 * terms: docs/glossary.md.
 *
 * `prose`: comments, messages, test titles, translations and documents. `unless` marks the meanings
 * that stay. `names`: identifiers, compared word by word, so `letter` also refuses `sentLetters`
 * and `sent_letter`.
 */

/** @type {{ old: RegExp, use: string, unless?: RegExp }[]} */
export const prose = [
  { old: /\btold\b/i, use: 'reported, emailed, shown' },
  { old: /\btells?\b/i, use: 'say, show, report, email' },
  { old: /\bwhoever\b/i, use: 'the user who, the caller that' },
  {
    old: /\bnobody\b/i,
    use: 'no user, no caller, unknown',
    unless: /"nobody"|`nobody`|macOS writes -2 for nobody/,
  },
  { old: /\bsomebody\b/i, use: 'a user, a person' },
  { old: /\banew\b/i, use: 'again' },
  { old: /\blook(s|ed)? again\b/i, use: 'retry, check again' },
  { old: /\bstrangers?\b/i, use: 'anonymous visitor, unknown user' },
  { old: /\bwakes?\b/i, use: 'retry, notify' },
  { old: /\bsettles?\b/i, use: 'apply, complete, pay' },
  { old: /\bby hand\b/i, use: 'manually, manual' },
  { old: /\bours\b/i, use: 'our own, known, of this site' },
  { old: /\bAgain: /, use: 'Idempotent:' },
  { old: /\bbooks?\b/i, use: 'ledger, records' },
  { old: /\bfigures\b/i, use: 'metrics, statistics, numbers' },
  { old: /\bcatalogue\b/i, use: 'translations' },
  { old: /\b(front )?doors?\b/i, use: 'entry point' },
  {
    old: /\bletters?\b/i,
    use: 'email',
    unless:
      /[Ll]etters (and|or) digits|(digits|numbers),? (and )?letters|[Ll]etters, digits|(three|one|two|eight|first|case|upper|lower|another|mistyped|look-?alike)[ -](two )?letters?|[Ll]etter sequences|letter-spacing|[Ll]etters are checked|letters of a host name|alphabet/,
  },
];

/** @type {{ old: string, use: string }[]} */
export const names = [
  { old: 'whoever', use: 'user, caller' },
  { old: 'anew', use: 'again' },
  { old: 'untold', use: 'pending, omitted' },
  { old: 'teller', use: 'narrator' },
  { old: 'desk', use: 'forms, command context' },
  { old: 'trail', use: 'log, publisher, links' },
  { old: 'refold', use: 'recalculate' },
  { old: 'rejudge', use: 'reevaluate' },
  { old: 'homecoming', use: 'transfer to current owner' },
  { old: 'picky', use: 'restrictive' },
  { old: 'mishaps', use: 'faults' },
  { old: 'shelter', use: 'shared directory' },
  { old: 'give up', use: 'discard' },
  { old: 'given up', use: 'discarded' },
  { old: 'case file', use: 'referral state' },
  { old: 'open case', use: 'load for update' },
  { old: 'bring back', use: 'revert' },
  { old: 'chosen code', use: 'vanity code' },
  { old: 'force span', use: 'active period' },
  { old: 'reactions', use: 'event handlers' },
  { old: 'moments', use: 'dates' },
  { old: 'gathered', use: 'row loader' },
  { old: 'wishes', use: 'preferences, options' },
  { old: 'scene', use: 'step' },
  { old: 'crowd', use: 'many users' },
  { old: 'obstacle', use: 'undo blocker, refusal' },
  { old: 'arrival', use: 'sign-up' },
  { old: 'appoint', use: 'grant' },
  { old: 'sayings', use: 'field formatters' },
  { old: 'word book', use: 'translations' },
];
