import { Section } from '../../../platform/ui/components.js';
import { DateTime } from '../../../platform/ui/date-time.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import type { InstallationReport } from '../installation-checks.js';
import { FindingsList } from './findings-list.js';

/** For the overview: what is not as it should be, and where the rest is. */
export function InstallationSection({ report }: { report: InstallationReport | null }) {
  const t = useTranslate();
  const open = report?.findings.filter(({ level }) => level !== 'ok') ?? [];
  return (
    <Section id="installation" title={t('installation.title')}>
      {report === null ? (
        <p>{t('installation.notYet')}</p>
      ) : (
        <p>
          {t('installation.summary', { open: open.length, all: report.findings.length })}{' '}
          {t('installation.checkedAt')} <DateTime at={report.checkedAt} />
        </p>
      )}
      {open.length === 0 ? null : <FindingsList findings={open} />}
      <p>
        <a href="/admin/installation">{t('installation.open')}</a>
      </p>
    </Section>
  );
}
