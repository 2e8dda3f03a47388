import type { Viewer } from '../../../platform/ui/layout.js';
import type { FieldChange, Terms } from '../../../referral/index.js';
import type { SimulationResult } from '../simulation/terms-simulation.js';
import type { TermsFormValues } from '../terms-form.js';
import type { TermsVersionDto } from '../terms-response.dto.js';

/** All versions. `mayChange`: an admin looks. */
export interface TermsListModel {
  viewer: Viewer;
  mayChange: boolean;
  versions: TermsVersionDto[];
}

/** One version; `terms` is the same as it is stored. `before` is the version that it followed. */
export interface TermsPageModel {
  viewer: Viewer;
  view: TermsVersionDto;
  terms: Terms;
  before: { version: number; changes: FieldChange[] } | null;
  justPublished: boolean;
}

/** Two versions side by side. `versions` are those to choose from. */
export interface TermsDiffModel {
  viewer: Viewer;
  versions: number[];
  from: number;
  to: number;
  changes: FieldChange[];
}

/** The editor: what stands in its fields and what is wrong, by field. `inForce` is the version in force. */
export interface TermsEditorModel {
  viewer: Viewer;
  inForce: number;
  values: TermsFormValues;
  errors: ReadonlyMap<string, string>;
}

/** The last look before terms are published. `superseded` are planned versions that will never be in force. */
export interface TermsPreviewModel {
  viewer: Viewer;
  mayChange: boolean;
  idempotencyKey: string;
  inForce: number;
  basedOn: number;
  values: TermsFormValues;
  changes: FieldChange[];
  superseded: number[];
  days: number;
  simulation: SimulationResult;
  reason: string;
  problem: string | null;
}
