import { ErrorBanner } from '../../../platform/ui/components.js';
import type { SectionId, SettingsPageModel } from '../settings-page-model.js';

/** What went wrong with a form of this section, beside that form. */
export function SectionProblem({ model, section }: { model: SettingsPageModel; section: SectionId }) {
  return <ErrorBanner text={model.problem?.section === section ? model.problem.message : null} />;
}
