import { Api, linkBy, RequestError, type InvitePage, type PersonData } from './api.js';
import { element } from './dom.js';
import { textsFor, type Texts } from './texts.js';
import { errorView, loadingView, readyView, type Actions } from './view.js';
import css from './widget.css?inline';

/** Where this script came from is where Twofold is. */
const script =
  (document.currentScript as HTMLScriptElement | null) ??
  document.querySelector<HTMLScriptElement>('script[src*="/embed/v1.js"]');
const scriptBase = script?.src.replace(/\/embed\/v1\.js.*$/, '') ?? '';

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

/** What is shown: nothing yet, that it failed, or a person's data. */
type Content = 'loading' | 'failed' | PersonData;

/**
 * A person's code, link, invites and credit: `<twofold-referral token-url="…">`. Events:
 * `twofold:ready`, `twofold:copied`, `twofold:error`.
 */
class ReferralElement extends HTMLElement {
  static readonly observedAttributes = ['token-url', 'base-url', 'lang', 'code-change', 'heading-level'];

  private readonly root = this.attachShadow({ mode: 'open' });
  private readonly announcement = element('p', { role: 'status', class: 'unseen' });
  private readonly view = element('div');
  // the live region stays in place: only then is what it says read out
  private readonly card = element('div', { class: 'card' }, this.view, this.announcement);
  private content: Content = 'loading';
  private isSample = false;
  private isScheduled = false;
  private t: Texts = textsFor([]);
  private api: Api | null = null;

  constructor() {
    super();
    this.root.adoptedStyleSheets = [sheet];
    this.root.append(this.card);
  }

  connectedCallback(): void {
    this.scheduleStart();
  }

  disconnectedCallback(): void {
    this.api = null; // answers that are still on their way come too late
  }

  attributeChangedCallback(): void {
    this.scheduleStart();
  }

  /** Loads everything again. */
  async refresh(): Promise<void> {
    const { api } = this;
    if (api === null) return;
    try {
      const data = await api.load();
      if (this.api !== api) return;
      this.show(data);
      this.report('ready');
    } catch (error) {
      if (this.api !== api) return;
      this.show('failed');
      this.reportError(error);
    }
  }

  /** Shows these data, or a state, instead of a person's: for previews. */
  set sample(content: Content) {
    this.isSample = true;
    this.content = content;
    this.scheduleStart();
  }

  /** Attributes are often set one after the other, and each would load everything. */
  private scheduleStart(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    queueMicrotask(() => {
      this.isScheduled = false;
      if (this.isConnected) void this.start();
    });
  }

  private async start(): Promise<void> {
    this.t = textsFor([
      this.closest('[lang]')?.getAttribute('lang') ?? document.documentElement.lang,
      ...navigator.languages,
    ]);
    if (this.isSample) {
      this.show(this.content);
      return;
    }
    const tokenUrl = this.getAttribute('token-url');
    if (tokenUrl === null) return;
    this.api = new Api(this.getAttribute('base-url') ?? scriptBase, tokenUrl, this.t.locale);
    this.show('loading');
    await this.refresh();
  }

  private show(content: Content): void {
    this.content = content;
    const { t, actions } = this;
    const level = parseLevel(this.getAttribute('heading-level'));
    const title = element('div', { role: 'heading', 'aria-level': String(level), class: 'title' });
    title.append(t('settings.titles.referral'));
    const shown =
      content === 'loading'
        ? loadingView(t)
        : content === 'failed'
          ? errorView(t, actions)
          : readyView(t, content, actions, Math.min(level + 1, 6));
    this.card.lang = t.locale;
    this.card.setAttribute('aria-busy', String(content === 'loading'));
    this.view.replaceChildren(title, shown);
  }

  private get actions(): Actions {
    return {
      copy: (text) => void this.copy(text),
      share: typeof navigator.share === 'function' ? () => this.share() : undefined,
      loadMore: () => void this.loadMore(),
      changeCode: this.getAttribute('code-change') === 'off' ? undefined : (code) => this.changeCode(code),
      retry: () => this.retry(),
    };
  }

  private async copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      this.selectLink();
      return;
    }
    this.announce(this.t('embed.copied'));
    this.report('copied', { text });
  }

  /** Where a page may not write to the clipboard, the person still can. */
  private selectLink(): void {
    this.root.querySelector<HTMLInputElement>('#link')?.focus();
    this.announce(this.t('embed.copyYourself'));
  }

  private share(): void {
    if (typeof this.content === 'string') return;
    const { referral } = this.content;
    const [url, text] = [linkBy('share', referral), referral.shareText];
    // a person who closes the sheet has decided, not failed
    navigator
      .share({ title: this.t('share.subject'), url, ...(text === undefined ? {} : { text }) })
      .catch(() => undefined);
  }

  private async loadMore(): Promise<void> {
    const { api, content } = this;
    if (api === null || typeof content === 'string' || content.invites.nextCursor === null) return;
    try {
      const more: InvitePage = await api.loadInvites(content.invites.nextCursor);
      if (this.api !== api) return;
      const firstNew = content.invites.items.length;
      this.show({ ...content, invites: { ...more, items: [...content.invites.items, ...more.items] } });
      this.focusOn(`li:nth-child(${firstNew + 1})`);
    } catch (error) {
      this.announce(this.t('embed.failed'));
      this.reportError(error);
    }
  }

  /** Answers what is wrong with the code, or null. */
  private async changeCode(code: string): Promise<string | null> {
    const { api, t } = this;
    if (api === null) return null;
    try {
      await api.changeCode(code);
    } catch (error) {
      this.reportError(error);
      const key = `codes.problem.${error instanceof RequestError ? error.code.replace('.', '_') : ''}`;
      return t(key) === key ? t('embed.notSaved') : t(key);
    }
    await this.refresh();
    this.focusOn('summary');
    this.announce(t('inviteFriends.saved.code'));
    return null;
  }

  private retry(): void {
    this.show('loading');
    void this.refresh().then(() => this.focusOn('.title'));
  }

  /** Where the focus was is gone: it goes to what took its place. */
  private focusOn(selector: string): void {
    const target = this.root.querySelector<HTMLElement>(selector);
    if (target === null) return;
    if (target.tabIndex < 0) target.tabIndex = -1;
    target.focus();
  }

  /** The text disappears by itself; a screen reader has read it by then. */
  private announce(text: string): void {
    this.announcement.textContent = text;
    this.announcement.className = 'toast';
    setTimeout(() => {
      if (this.announcement.textContent !== text) return;
      this.announcement.className = 'unseen';
      this.announcement.textContent = '';
    }, 4_000);
  }

  private reportError(error: unknown): void {
    const { status, code } = error instanceof RequestError ? error : { status: 0, code: 'network' };
    this.report('error', { status, code });
  }

  private report(name: 'ready' | 'copied' | 'error', detail: object = {}): void {
    this.dispatchEvent(new CustomEvent(`twofold:${name}`, { bubbles: true, composed: true, detail }));
  }
}

if (customElements.get('twofold-referral') === undefined)
  customElements.define('twofold-referral', ReferralElement);

/** Level 2 where the attribute is missing, or is no level. */
function parseLevel(text: string | null): number {
  return /^[1-6]$/.test(text ?? '') ? Number(text) : 2;
}
