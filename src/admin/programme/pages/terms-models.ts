import type { Viewer } from '../../../platform/pages/layout.js';
import type { FieldChange, Terms } from '../../../referral/index.js';
import type { Replayed } from '../replay.js';
import type { TermsTexts } from '../terms-form.js';
import type { TermsView } from '../terms-views.js';

/** All versions. `mayChange`: an admin looks. */
export interface TermsListModel {
  viewer: Viewer;
  mayChange: boolean;
  versions: TermsView[];
}

/** One version; `terms` is the same as it is stored. `before` is the version that it followed. */
export interface TermsPageModel {
  viewer: Viewer;
  view: TermsView;
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
  texts: TermsTexts;
  errors: ReadonlyMap<string, string>;
}

/** The last look before terms are published. `superseded` are planned versions that will never be in force. */
export interface TermsPreviewModel {
  viewer: Viewer;
  mayChange: boolean;
  formKey: string;
  inForce: number;
  basedOn: number;
  texts: TermsTexts;
  changes: FieldChange[];
  superseded: number[];
  days: number;
  replayed: Replayed;
  reason: string;
  problem: string | null;
}
