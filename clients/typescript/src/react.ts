'use client';

import {
  createElement,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type ReactElement,
} from 'react';
import type { PersonAccess } from './types.js';

export interface ReferralProps {
  /** The route of your server that answers `people.createToken` of the person who is signed in. */
  tokenUrl: string;
  /** Where Twofold runs, such as `https://twofold.example`: the widget's script comes from there. */
  baseUrl: string;
  /** The language, such as `de`; that of the page by default. */
  lang?: string | undefined;
  theme?: 'light' | 'dark' | undefined;
  className?: string | undefined;
  /** False: the person cannot choose another code here. */
  codeChange?: boolean | undefined;
  /** Of its title in your page, 1 to 6; 2 by default. */
  headingLevel?: number | undefined;
  onReady?: ((event: Event) => void) | undefined;
  onCopied?: ((event: Event) => void) | undefined;
  /** The widget could not be loaded, or has no token. It offers a retry itself. */
  onError?: ((event: Event) => void) | undefined;
}

/** Listeners are there before the element can report anything. React 18 warns of it on servers. */
const useBeforePaint = typeof document === 'undefined' ? useEffect : useLayoutEffect;

/** The person's link and invites: the element `<twofold-referral>`, whose script it loads once. */
export function Referral(props: ReferralProps): ReactElement {
  const { tokenUrl, baseUrl, lang, theme, className, codeChange, headingLevel } = props;
  const element = useRef<HTMLElement>(null);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });

  useBeforePaint(() => {
    const target = element.current;
    if (target === null) return undefined;
    const listeners = {
      'twofold:ready': (event: Event) => latest.current.onReady?.(event),
      'twofold:copied': (event: Event) => latest.current.onCopied?.(event),
      'twofold:error': (event: Event) => latest.current.onError?.(event),
    };
    for (const [name, listener] of Object.entries(listeners)) target.addEventListener(name, listener);
    return () => {
      for (const [name, listener] of Object.entries(listeners)) target.removeEventListener(name, listener);
    };
  }, []);

  useEffect(() => {
    const script = loadScript(`${baseUrl.replace(/\/+$/, '')}/embed/v1.js`);
    const report = (event: Event) => latest.current.onError?.(event);
    script.addEventListener('error', report);
    return () => script.removeEventListener('error', report);
  }, [baseUrl]);

  // `class`, since React before version 19 knows no `className` on custom elements
  return createElement('twofold-referral', {
    ref: element,
    'token-url': tokenUrl,
    ...{ lang, theme, class: className },
    'code-change': codeChange === false ? 'off' : undefined,
    'heading-level': headingLevel,
  });
}

/** Adds the script to the page, unless it is there. */
function loadScript(source: string): HTMLScriptElement {
  const present = [...document.scripts].find(({ src }) => src === new URL(source, document.baseURI).href);
  if (present !== undefined) return present;
  const script = document.createElement('script');
  script.async = true;
  script.src = source;
  // one that failed is taken out, so that the next `<Referral>` tries again
  script.addEventListener('error', () => script.remove());
  document.head.append(script);
  return script;
}

export type AccessState =
  | { status: 'loading'; access: null; error: null }
  | { status: 'ready'; access: PersonAccess; error: null }
  /** `access` is the last that is known, if any. */
  | { status: 'error'; access: PersonAccess | null; error: Error };

/** A state of {@link useAccess}, and how to ask again, for example after a payment. */
export type UseAccess = AccessState & { refresh: () => void };

const loading: AccessState = { status: 'loading', access: null, error: null };
/** The longest time that a timer of a browser can wait. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * The access of the person who is signed in, from a route of your server that answers
 * `people.access`. Asks again when the page becomes visible and when the access ends. Your server
 * decides what a person may do; this only decides what they see.
 */
export function useAccess(url = '/api/twofold/access'): UseAccess {
  const [state, setState] = useState(loading);
  const [round, setRound] = useState(0);
  const refresh = useCallback(() => setRound((number) => number + 1), []);

  useEffect(() => setState(loading), [url]);

  useEffect(() => {
    const request = new AbortController();
    fetchAccess(url, request.signal).then(
      (access) =>
        setState((before) => ({ status: 'ready', access: newer(before.access, access), error: null })),
      (error: Error) => {
        if (!request.signal.aborted) setState(({ access }) => ({ status: 'error', access, error }));
      },
    );
    return () => request.abort();
  }, [url, round]);

  useEffect(() => {
    const refreshIfVisible = () => {
      if (document.visibilityState === 'visible') refresh();
    };
    document.addEventListener('visibilitychange', refreshIfVisible);
    return () => document.removeEventListener('visibilitychange', refreshIfVisible);
  }, [refresh]);

  const { access } = state;
  useEffect(() => {
    if (access === null || !access.active || access.until === null) return undefined;
    const remainingMs = Date.parse(access.until) - Date.now();
    if (remainingMs > longestTimerMs) return undefined;
    // a clock that is ahead asks again until the server's has reached the end
    const timer = setTimeout(refresh, remainingMs > 0 ? remainingMs + 1_000 : 30_000);
    return () => clearTimeout(timer);
  }, [access, refresh]);

  return { ...state, refresh };
}

async function fetchAccess(url: string, signal: AbortSignal): Promise<PersonAccess> {
  const response = await fetch(url, { headers: { accept: 'application/json' }, signal });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return (await response.json()) as PersonAccess;
}

/** Answers may overtake each other: that of the higher revision counts. */
function newer(before: PersonAccess | null, now: PersonAccess): PersonAccess {
  return before?.externalId === now.externalId && before.revision > now.revision ? before : now;
}
