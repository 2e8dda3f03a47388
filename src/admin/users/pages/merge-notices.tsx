import type { MergeDto } from '../../../accounts/index.js';
import { Banner } from '../../../platform/ui/components.js';
import { useTranslate } from '../../../platform/ui/render-page.js';

/** That an account lives on in another, or holds others. */
export function MergeNotices({ userId, merges }: { userId: string; merges: MergeDto[] }) {
  const t = useTranslate();
  return (
    <>
      {merges
        .filter(({ undoneAt }) => undoneAt === null)
        .map(({ id, from, into }) => {
          const other = from.userId === userId ? into : from;
          const key = from.userId === userId ? 'merge.mergedInto' : 'merge.contains';
          const [one, another] = [
            from.email ?? t('merge.erasedAccount'),
            into.email ?? t('merge.erasedAccount'),
          ];
          return (
            <Banner key={id}>
              {t(key, { from: one, into: another })}{' '}
              <a href={`/admin/users/${other.userId}`}>{t('merge.other')}</a>
            </Banner>
          );
        })}
    </>
  );
}
