import {
  type FieldChange,
  type Terms,
  diffTerms,
  ProgrammeTerms,
  TermsRepository,
  problemText,
  type TermsProblem,
} from '../../referral/index.js';
import type { SimulationResult } from './simulation/terms-simulation.js';
import { minimumAmountErrors } from './minimum-amount-errors.js';
import {
  type TermsFormValues,
  toTermsInput,
  termsFormFields,
  readFormValues,
  toFormValues,
} from './terms-form.js';
import type { TermsVersionDto } from './terms-response.dto.js';
import { Injectable } from '@nestjs/common';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import type { Principal } from '../../platform/security/principal.js';
import { getTranslator } from '../../platform/i18n/translations.js';
import { AdminForms, type StaffViewer } from '../admin-forms.js';
import { TermsQueries } from './terms-queries.js';
import { TermsPreviewService } from './terms-preview.service.js';
import { parseVersion } from './version.pipe.js';

/** All versions. `mayChange`: an admin looks. */
export interface TermsListModel {
  viewer: StaffViewer;
  mayChange: boolean;
  versions: TermsVersionDto[];
}

/** One version; `terms` is the same as it is stored. `before` is the version that it followed. */
export interface TermsPageModel {
  viewer: StaffViewer;
  view: TermsVersionDto;
  terms: Terms;
  before: { version: number; changes: FieldChange[] } | null;
  justPublished: boolean;
}

/** Two versions side by side. `versions` are those to choose from. */
export interface TermsDiffModel {
  viewer: StaffViewer;
  versions: number[];
  from: number;
  to: number;
  changes: FieldChange[];
}

/**
 * The editor: the values of its fields and what is wrong, by field. `inForce` is the version in
 * force.
 */
export interface TermsEditorModel {
  viewer: StaffViewer;
  inForce: number;
  values: TermsFormValues;
  errors: ReadonlyMap<string, string>;
}

/**
 * The last look before terms are published. `superseded` are planned versions that will never be in
 * force.
 */
export interface TermsPreviewModel {
  viewer: StaffViewer;
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

/** What a preview covers: fewer days where more conversions would take longer than a page may. */
const previewPeriods = [90, 30, 7];
const mostPreviewedConversions = 15_000;

/** Gathers what the console's pages about terms show. */
@Injectable()
export class TermsPageLoader {
  constructor(
    private readonly termsQueries: TermsQueries,
    private readonly previews: TermsPreviewService,
    private readonly terms: ProgrammeTerms,
    private readonly termsRepository: TermsRepository,
    private readonly forms: AdminForms,
  ) {}

  /** All versions. */
  async listPage(me: Principal): Promise<TermsListModel> {
    return { ...(await this.viewerFields(me)), versions: await this.termsQueries.list() };
  }

  /** One version. Errors: `request.not_found`. */
  async versionPage(me: Principal, version: number, done: unknown): Promise<TermsPageModel> {
    const view = await this.termsQueries.get(version);
    const [before, terms] = await this.termsQueries.getPair(Math.max(1, version - 1), version);
    return {
      viewer: await this.forms.viewerFor(me),
      view,
      terms,
      before: version === 1 ? null : { version: before.version, changes: diffTerms(before, terms) },
      justPublished: done === 'published',
    };
  }

  /**
   * Two versions compared; the two newest unless others are asked for. Errors: `request.not_found`.
   */
  async diffPage(me: Principal, query: FormFields): Promise<TermsDiffModel> {
    const newest = await this.termsRepository.findNewestVersion();
    const from = parseVersion(query, 'from') ?? Math.max(1, newest - 1);
    const to = parseVersion(query, 'to') ?? newest;
    const [before, after] = await this.termsQueries.getPair(from, to);
    return {
      viewer: await this.forms.viewerFor(me),
      versions: Array.from({ length: newest }, (_, index) => newest - index),
      ...{ from, to, changes: diffTerms(before, after) },
    };
  }

  /** The editor with the terms in force. */
  async newEditorPage(me: Principal): Promise<TermsEditorModel> {
    const inForce = await this.terms.current();
    return this.editorPage(me, { values: toFormValues(inForce), inForce: inForce.version });
  }

  /** The editor with what was written, and what is wrong with it. */
  async editorPageWithProblems(
    me: Principal,
    fields: FormFields,
    problems: readonly TermsProblem[] = [],
  ): Promise<TermsEditorModel> {
    const { version: inForce } = await this.terms.current();
    const t = getTranslator(me.locale);
    const values = readFormValues(fields);
    const errors = new Map(
      termsFormFields.flatMap((name): [string, string][] => {
        if (name === 'minimumAmounts') return minimumAmountErrors(t, values, problems);
        const problem = problems.find(({ path }) => path === name);
        return problem === undefined ? [] : [[name, problemText(t, problem)]];
      }),
    );
    return this.editorPage(me, { values, inForce, errors });
  }

  /**
   * What the written terms would change and cost. Errors: `request.invalid`, as
   * {@link TermsPreviewService.preview}.
   */
  async previewPage(
    me: Principal,
    fields: FormFields,
    problem: string | null = null,
  ): Promise<TermsPreviewModel> {
    const values = readFormValues(fields);
    const days = await this.previews.longestPeriod(previewPeriods, mostPreviewedConversions);
    const { inForce, newest, changes, superseded, simulation } = await this.previews.preview(
      toTermsInput(values),
      days,
    );
    return {
      ...(await this.viewerFields(me)),
      idempotencyKey: this.forms.newIdempotencyKey(),
      inForce: inForce.version,
      basedOn: newest,
      ...{ values, changes, superseded, simulation, days },
      reason: textField(fields, 'reason').slice(0, 500),
      problem,
    };
  }

  private async editorPage(
    me: Principal,
    fields: Pick<TermsEditorModel, 'values' | 'inForce'> & { errors?: TermsEditorModel['errors'] },
  ): Promise<TermsEditorModel> {
    return { viewer: await this.forms.viewerFor(me), errors: new Map(), ...fields };
  }

  private async viewerFields(me: Principal) {
    return { viewer: await this.forms.viewerFor(me), mayChange: me.role === 'admin' };
  }
}
