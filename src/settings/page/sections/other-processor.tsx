import { getBrand } from '../../../platform/brand.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import { safeHref } from '../../../platform/ui/safe-href.js';

/**
 * The processors that have a name in the translations, with the page on which their customers find
 * what they pay for, or null where there is none for all of them.
 */
const customerPages: ReadonlyMap<string, string | null> = new Map([
  ['paddle', 'https://paddle.net'], // https://www.paddle.com/about/cancel-subscription
  ['lemon-squeezy', null],
]);

/**
 * Where a person changes or cancels a subscription that another processor than Stripe charges.
 * `provider` is the name that its payments are reported under.
 */
export function OtherProcessor({ provider }: { provider: string }) {
  const t = useTranslate();
  const processor = customerPages.has(provider) ? t(`subscription.processors.${provider}`) : null;
  const { productUrl } = getBrand();
  const customerPage = customerPages.get(provider) ?? null;
  const href = customerPage ?? (productUrl === null ? null : safeHref(productUrl));
  return (
    <>
      <p>
        {processor === null ? t('subscription.paidElsewhere') : t('subscription.paidAt', { processor })}{' '}
        {t('subscription.seeEmails')}
      </p>
      {href === null ? null : (
        <p class="actions">
          <a class="btn" data-tone="plain" href={href} rel="noopener noreferrer">
            {customerPage === null || processor === null
              ? t('layout.backTo')
              : t('subscription.openProcessor', { processor })}
          </a>
        </p>
      )}
    </>
  );
}
