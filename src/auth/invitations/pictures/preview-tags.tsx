import { getBrand } from '../../../platform/brand.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import type { InvitationPreview } from './invitation-preview.js';

/**
 * What messengers read of a shared link: Open Graph, and the names that X gives the same. No
 * `og:url`: it would replace the link, with its channel, by another.
 */
export function PreviewTags({ title, description, pictureUrl }: InvitationPreview) {
  const { locale } = useTranslate();
  const openGraph: Record<string, string> = {
    type: 'website',
    site_name: getBrand().productName,
    locale: locale.replace('-', '_'),
    title,
    description,
    image: pictureUrl,
    'image:type': 'image/png',
    'image:width': '1200',
    'image:height': '630',
    'image:alt': title,
  };
  return (
    <>
      <meta name="robots" content="noindex" />
      {Object.entries(openGraph).map(([name, content]) => (
        <meta key={name} property={`og:${name}`} content={content} />
      ))}
      <meta name="twitter:card" content="summary_large_image" />
      <meta name="twitter:title" content={title} />
      <meta name="twitter:description" content={description} />
      <meta name="twitter:image" content={pictureUrl} />
      <meta name="twitter:image:alt" content={title} />
    </>
  );
}
