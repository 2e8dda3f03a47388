import { linkBy, type Invite, type PersonData, type Reward } from './api.js';
import { button, element } from './dom.js';
import type { Texts } from './texts.js';

/** What the parts of the widget ask of it. */
export interface Actions {
  copy: (text: string) => void;
  /** Undefined where the browser has no sheet for sharing. */
  share: (() => void) | undefined;
  loadMore: () => void;
  /** Undefined where the host does not want it. */
  changeCode: ((code: string) => Promise<string | null>) | undefined;
  retry: () => void;
}

/** Grey bars where the content will be. */
export function loadingView(t: Texts): HTMLElement {
  const bars = ['wide', 'box', 'wide', 'narrow'].map((width) => element('div', { class: `bar ${width}` }));
  return element('div', {}, element('p', { class: 'unseen' }, t('embed.loading')), ...bars);
}

/** Says that nothing could be loaded. */
export function errorView(t: Texts, { retry }: Actions): HTMLElement {
  return element(
    'div',
    { role: 'alert', class: 'notice bad' },
    element('p', {}, t('embed.failed')),
    button(t('embed.retry'), 'plain', retry),
  );
}

/** Everything, once it is loaded. `level` is that of its headings. */
export function readyView(t: Texts, data: PersonData, actions: Actions, level: number): HTMLElement {
  const { referral, credit } = data;
  return element(
    'div',
    { class: 'stack' },
    element('p', { class: referral.paused ? 'notice warn' : 'reward' }, referral.reward),
    referral.creditWorth ? element('p', { class: 'quiet' }, referral.creditWorth) : null,
    invitationView(t, data, level),
    shareView(t, data, actions),
    credit.until === null
      ? null
      : element(
          'p',
          { class: 'credit' },
          element('span', {}, `${t('access.creditUntil')} `, element('strong', {}, t.date(credit.until))),
          element('span', { class: 'badge good' }, t.days(referral.daysOnAccount)),
        ),
    invitesView(t, data, actions, level),
    actions.changeCode === undefined ? null : codeForm(t, actions.changeCode),
  );
}

function shareView(t: Texts, { referral }: PersonData, { copy, share }: Actions): HTMLElement {
  const { code, link } = referral;
  const linkField = element('input', { id: 'link', readonly: true, value: link, dir: 'ltr' });
  linkField.addEventListener('focus', () => linkField.select());
  return element(
    'div',
    { class: 'share' },
    element(
      'div',
      { class: 'pair' },
      element('p', {}, element('span', { class: 'label' }, t('share.code')), element('code', {}, code)),
      button(t('share.copyCode'), 'plain', () => copy(code)),
    ),
    element('label', { for: 'link', class: 'label' }, t('share.link')),
    element(
      'div',
      { class: 'actions' },
      linkField,
      button(t('share.copyLink'), 'main', () => copy(linkBy('copy', referral))),
      share === undefined ? null : button(t('embed.share'), 'plain', share),
    ),
  );
}

function invitesView(
  t: Texts,
  { invites, referral }: PersonData,
  { loadMore }: Actions,
  level: number,
): HTMLElement {
  const title = heading(
    level,
    'invites',
    t('invites.title'),
    ...(referral.counts.invited > 0
      ? [element('span', { class: 'badge' }, String(referral.counts.invited))]
      : []),
  );
  if (invites.items.length === 0)
    return element(
      'div',
      { role: 'group', 'aria-labelledby': 'invites' },
      title,
      element(
        'p',
        { class: 'quiet' },
        element('strong', {}, t('invites.none')),
        element('br'),
        t('invites.noneHint'),
      ),
    );
  return element(
    'div',
    { role: 'group', 'aria-labelledby': 'invites' },
    title,
    element('ul', {}, ...invites.items.map((invite) => inviteView(t, invite))),
    invites.nextCursor === null ? null : button(t('invites.older'), 'plain', loadMore),
  );
}

/** Its look does not change with its level, which is that of the host's page. */
function heading(level: number, id: string, ...children: (Node | string)[]): HTMLElement {
  return element('h3', { id, 'aria-level': String(level) }, ...children);
}

/** The tone of each status, and the key of its name. */
const statuses: Record<Reward['status'], [tone: string, key: string]> = {
  promised: ['', 'pending'],
  held: ['warn', 'held'],
  in_review: ['warn', 'in_review'],
  credited: ['good', 'converted'],
  suspended: ['warn', 'suspended'],
  taken_back: ['bad', 'reversed'],
  none: ['bad', 'none'],
};

function badge(t: Texts, { status }: Reward): HTMLElement {
  const [tone, key] = statuses[status];
  return element('span', { class: `badge ${tone}` }, t(`invite.status.${key}`));
}

function notice({ text, worth, why, next }: Reward): HTMLElement {
  return element('p', { class: 'quiet' }, [text, worth, why, next].filter(Boolean).join(' '));
}

/** Who invited the person, and what they get for it. */
function invitationView(
  t: Texts,
  { referral: { invitation } }: PersonData,
  level: number,
): HTMLElement | null {
  if (!invitation) return null;
  const { invitedBy, reward } = invitation;
  return element(
    'div',
    { role: 'group', 'aria-labelledby': 'invitation' },
    heading(level, 'invitation', t('settings.titles.invitation')),
    element(
      'div',
      { class: 'pair' },
      element('span', { class: 'name' }, invitedBy?.label ?? ''),
      badge(t, reward),
    ),
    notice(reward),
  );
}

function inviteView(t: Texts, invite: Invite): HTMLElement {
  const { convertedAt, daysEarned, reward } = invite;
  const facts = [
    `${t('invites.joined')} ${t.date(invite.invitedAt)}`,
    convertedAt === null ? '' : `${t('invites.firstPaid')} ${t.date(convertedAt)}`,
    Math.round(daysEarned) === 0 ? '' : t.days(daysEarned),
  ];
  return element(
    'li',
    {},
    element('div', { class: 'pair' }, element('span', { class: 'name' }, invite.label), badge(t, reward)),
    element('p', { class: 'quiet' }, facts.filter(Boolean).join(' · ')),
    reward.status === 'credited' ? null : notice(reward),
  );
}

function codeForm(t: Texts, change: NonNullable<Actions['changeCode']>): HTMLElement {
  const field = element('input', {
    id: 'code',
    maxlength: '24',
    autocomplete: 'off',
    autocapitalize: 'characters',
    spellcheck: 'false',
    'aria-describedby': 'hint problem',
  });
  const problem = element('p', { id: 'problem', class: 'problem', role: 'alert' });
  const submit = element('button', { type: 'submit', class: 'plain' }, t('codes.changeButton'));
  const form = element(
    'form',
    { novalidate: true },
    element('label', { for: 'code', class: 'label' }, t('codes.wanted')),
    field,
    element('p', { id: 'hint', class: 'quiet' }, t('codes.wantedHint')),
    problem,
    submit,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    problem.textContent = '';
    submit.disabled = true;
    void change(field.value.trim()).then((text) => {
      submit.disabled = false;
      if (text === null) return;
      problem.textContent = text;
      field.setAttribute('aria-invalid', 'true');
      field.focus();
    });
  });
  return element('details', {}, element('summary', {}, t('codes.change')), form);
}
