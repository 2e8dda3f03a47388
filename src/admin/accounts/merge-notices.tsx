import type { MergeView } from '../../life/index.js';
import { Banner } from '../../platform/pages/parts.js';
import { useWords } from '../../platform/pages/use-words.js';

/** That an account lives on in another, or holds others. */
export function MergeNotices({ userId, merges }: { userId: string; merges: MergeView[] }) {
  const t = useWords();
  return (
    <>
      {merges
        .filter(({ undoneAt }) => undoneAt === null)
        .map(({ id, from, into }) => {
          const other = from.userId === userId ? into : from;
          const key = from.userId === userId ? 'merge.livesOn' : 'merge.holds';
          const [one, another] = [from.email ?? t('merge.gone'), into.email ?? t('merge.gone')];
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
