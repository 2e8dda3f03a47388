import type { Config } from '../../../platform/config/config.js';
import { getBrand } from '../../../platform/brand.js';
import type { Translate } from '../../../platform/i18n/translations.js';
import { accentsOf } from '../../../platform/ui/brand-colours.js';
import { friendPromise, type RewardModel } from '../../../referral/index.js';
import type { Invitation } from '../invitation.service.js';
import { isDrawable } from './drawable-text.js';
import { pictureHash } from './invitation-pictures.js';
import type { PictureContent } from './picture-worker.js';

/** What messengers show of a shared link: `pictureUrl` is absolute. */
export interface InvitationPreview {
  title: string;
  description: string;
  pictureUrl: string;
}

const maxNameLength = 40;
/** As in tokens.css. */
const light = { page: '#faf7f1', ink: '#1d1f1c', quiet: '#5b5f57' };
const ownAccents = { accent: '#0b6250', onAccent: '#ffffff', back: '#8fcbb8' };

/** What is shown of an invitation's link in the language of `t`. */
export function previewOf(
  { baseUrl }: Pick<Config, 'baseUrl'>,
  t: Translate,
  invitation: Invitation,
  offer: RewardModel,
): InvitationPreview {
  const query = new URLSearchParams({ lang: t.locale, v: pictureHash(pictureOf(t, invitation, offer)) });
  return {
    title: titleOf(t, invitation.name),
    description: descriptionOf(t, offer),
    pictureUrl: `${baseUrl}/r/${encodeURIComponent(invitation.code)}/picture.png?${query.toString()}`,
  };
}

/** What the picture of an invitation shows: nothing that its font cannot draw. */
export function pictureOf(
  t: Translate,
  { name }: Pick<Invitation, 'name'>,
  offer: RewardModel,
): PictureContent {
  const drawable = (text: string) => (isDrawable(text) ? text : null);
  const { productName, brandColour, brandLogo } = getBrand();
  return {
    headline: drawable(titleOf(t, name === null ? null : drawable(name))),
    detail: drawable(descriptionOf(t, offer)),
    product: drawable(productName),
    number: offer.referredDays === 0 ? null : `+${offer.referredDays}`,
    logo: brandLogo && `data:${brandLogo.type};base64,${brandLogo.body.toString('base64')}`,
    colours: { ...light, ...(brandColour === null ? ownAccents : brandAccents(brandColour)) },
  };
}

function brandAccents(colour: string): typeof ownAccents {
  const accents = accentsOf(colour, 'light');
  return { accent: accents['--accent'], onAccent: accents['--on-accent'], back: accents['--mark-back'] };
}

function titleOf(t: Translate, name: string | null): string {
  return name === null ? t('sharedLink.neutral') : t('sharedLink.named', { name: shorten(name) });
}

function descriptionOf(t: Translate, offer: RewardModel): string {
  return friendPromise(t, offer) || t('sharedLink.plain');
}

function shorten(name: string): string {
  const letters = [...name.normalize('NFC')];
  return letters.length > maxNameLength
    ? `${letters.slice(0, maxNameLength - 1).join('')}…`
    : letters.join('');
}
