import { wordCheckResult, type CheckResult } from '../../../platform/check-result.js';
import { Badge } from '../../../platform/ui/components.js';
import { useTranslate } from '../../../platform/ui/render-page.js';

const tones = { ok: 'good', warning: 'warn', problem: 'bad' } as const;
const order = ['problem', 'warning', 'ok'];

/** What checks found, the worst first. */
export function FindingsList({ findings }: { findings: readonly CheckResult[] }) {
  const t = useTranslate();
  const sorted = findings.toSorted((one, other) => order.indexOf(one.level) - order.indexOf(other.level));
  return (
    <ul class="tasks">
      {sorted
        .map((finding) => wordCheckResult(t, finding))
        .map(({ check, level, seen, advice }, index) => (
          <li key={index}>
            <Badge tone={tones[level]}>{t(`installation.level.${level}`)}</Badge> <strong>{check}</strong>{' '}
            <span>{seen}</span>
            {advice === '' ? null : <span class="hint block">{advice}</span>}
          </li>
        ))}
    </ul>
  );
}
