import { Problem } from '../../platform/pages/parts.js';
import type { SectionId, SettingsModel } from './settings-model.js';

/** What went wrong with a form of this section, beside that form. */
export function SectionProblem({ model, section }: { model: SettingsModel; section: SectionId }) {
  return <Problem text={model.problem?.section === section ? model.problem.message : null} />;
}
