import type { Words } from '../../platform/locale/words.js';

/** A way to pass an invitation on: a plain link that opens the other service with the text filled in. */
export interface ShareLink {
  label: string;
  href: string;
}

/** Ways to share `link`; the text promises a friend `friendDays` days. */
export function shareLinks(t: Words, link: string, friendDays: number): ShareLink[] {
  const text = t('share.text', { days: friendDays });
  const [url, words, both] = [link, text, `${text} ${link}`].map(encodeURIComponent);
  return [
    {
      label: t('share.email'),
      href: `mailto:?subject=${encodeURIComponent(t('share.subject'))}&body=${both}`,
    },
    { label: 'WhatsApp', href: `https://wa.me/?text=${both}` },
    { label: 'Telegram', href: `https://t.me/share/url?url=${url}&text=${words}` },
    { label: 'X', href: `https://x.com/intent/post?text=${words}&url=${url}` },
  ];
}
