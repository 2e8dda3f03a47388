import { getBrand } from '../../../platform/brand.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import { safeHref } from '../../../platform/ui/safe-href.js';

/** Processors whose name we know, and the page on which their customers find what they pay for. */
const processors: Partial<Record<string, { name: string; url: string | null }>> = {
  // https://www.paddle.com/about/cancel-subscription
  paddle: { name: 'Paddle', url: 'https://paddle.net' },
  'lemon-squeezy': { name: 'Lemon Squeezy', url: null },
};

/**
 * Where a person changes or cancels a subscription that another processor than Stripe charges.
 * `provider` is the name that its payments are reported under.
 */
export function OtherProcessor({ provider }: { provider: string }) {
  const t = useTranslate();
  const processor = processors[provider];
  const { productUrl } = getBrand();
  const product = productUrl === null ? null : safeHref(productUrl);
  return (
    <>
      <p>
        {processor === undefined
          ? t('subscription.paidElsewhere')
          : t('subscription.paidAt', { processor: processor.name })}{' '}
        {t('subscription.seeEmails')}
      </p>
      {processor?.url ? (
        <p class="actions">
          <a class="btn" data-tone="plain" href={processor.url} rel="noopener noreferrer">
            {t('subscription.openProcessor', { processor: processor.name })}
          </a>
        </p>
      ) : product === null ? null : (
        <p class="actions">
          <a class="btn" data-tone="plain" href={product}>
            {t('layout.backTo')}
          </a>
        </p>
      )}
    </>
  );
}
