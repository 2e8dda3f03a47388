import { daysOfAccess } from '../../platform/pages/words.js';

/** A way to pass an invitation on: a plain link that opens the other service with the text filled in. */
export interface ShareLink {
  label: string;
  href: string;
}

/** Ways to share `link`; the text promises a friend `friendDays` days. */
export function shareLinks(link: string, friendDays: number): ShareLink[] {
  const gift = friendDays === 0 ? '' : `: ${daysOfAccess(friendDays)} on top of your first payment`;
  const text = `Join me on Twofold${gift}.`;
  const [url, words, both] = [link, text, `${text} ${link}`].map(encodeURIComponent);
  return [
    { label: 'E-mail', href: `mailto:?subject=${encodeURIComponent('An invitation for you')}&body=${both}` },
    { label: 'WhatsApp', href: `https://wa.me/?text=${both}` },
    { label: 'Telegram', href: `https://t.me/share/url?url=${url}&text=${words}` },
    { label: 'X', href: `https://x.com/intent/post?text=${words}&url=${url}` },
  ];
}
