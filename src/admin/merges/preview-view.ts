import type { MergePlan, SideView, Statement } from '../../life/index.js';
import { fallbackLocale } from '../../platform/locale/catalogue.js';
import { wordsIn } from '../../platform/locale/words.js';

/** Something that a merge would do, or what stands against it: its stable code, and a sentence. */
export interface Said {
  code: string;
  message: string;
}

/** What a merge would do; possible where `conflicts` is empty. */
export interface PreviewView {
  dryRun: true;
  possible: boolean;
  from: SideView;
  into: SideView;
  effects: Said[];
  conflicts: Said[];
}

/** A plan in words, in `locale`. */
export function previewView(plan: MergePlan, locale = fallbackLocale): PreviewView {
  const t = wordsIn(locale);
  const say = (kind: string) => (own: Statement) => ({
    code: own.code,
    message: t(`merge.${kind}.${own.code}`, own.facts),
  });
  return {
    dryRun: true,
    possible: plan.conflicts.length === 0,
    from: plan.from,
    into: plan.into,
    effects: plan.effects.map(say('effect')),
    conflicts: plan.conflicts.map(say('conflict')),
  };
}
