import { Injectable } from '@nestjs/common';
import { textOf, type Fields } from '../../platform/http/form-fields.js';
import type { Principal } from '../../platform/http/principal.js';
import { wordsIn } from '../../platform/locale/words.js';
import { changesBetween, ProgrammeTerms, problemWords, type TermsProblem } from '../../referral/index.js';
import { ConsoleDesk } from '../console-desk.js';
import type {
  TermsDiffModel,
  TermsEditorModel,
  TermsListModel,
  TermsPageModel,
  TermsPreviewModel,
} from './pages/terms-models.js';
import { TermsFiles } from './terms-files.js';
import { givenBy, termsInputs, textsIn, textsOf } from './terms-form.js';
import { TermsPreviews } from './terms-preview.js';
import { versionIn } from './version.js';

const previewDays = 90;

/** Gathers what the console's pages about terms show. */
@Injectable()
export class TermsModels {
  constructor(
    private readonly files: TermsFiles,
    private readonly previews: TermsPreviews,
    private readonly terms: ProgrammeTerms,
    private readonly desk: ConsoleDesk,
  ) {}

  /** All versions. */
  async list(me: Principal): Promise<TermsListModel> {
    return { ...this.lookedAtBy(me), versions: await this.files.all() };
  }

  /** One version. Errors: `request.not_found`. */
  async one(me: Principal, version: number, done: unknown): Promise<TermsPageModel> {
    const view = await this.files.one(version);
    const [before, terms] = await this.files.pair(Math.max(1, version - 1), version);
    return {
      viewer: this.desk.viewer(me),
      view,
      terms,
      before: version === 1 ? null : { version: before.version, changes: changesBetween(before, terms) },
      justPublished: done === 'published',
    };
  }

  /** Two versions compared; the two newest unless others are asked for. Errors: `request.not_found`. */
  async diff(me: Principal, query: Fields): Promise<TermsDiffModel> {
    const newest = await this.terms.newestVersion();
    const from = versionIn(query, 'from') ?? Math.max(1, newest - 1);
    const to = versionIn(query, 'to') ?? newest;
    const [before, after] = await this.files.pair(from, to);
    return {
      viewer: this.desk.viewer(me),
      versions: Array.from({ length: newest }, (_, index) => newest - index),
      ...{ from, to, changes: changesBetween(before, after) },
    };
  }

  /** The editor with the terms in force. */
  async fresh(me: Principal): Promise<TermsEditorModel> {
    const inForce = await this.terms.current();
    return this.editor(me, { texts: textsOf(inForce), inForce: inForce.version });
  }

  /** The editor with what was written, and what is wrong with it. */
  async again(
    me: Principal,
    fields: Fields,
    problems: readonly TermsProblem[] = [],
  ): Promise<TermsEditorModel> {
    const { version: inForce } = await this.terms.current();
    const t = wordsIn(me.locale);
    const wrong = (name: string) => problems.find(({ path }) => path === name);
    const errors = new Map(
      termsInputs.flatMap((name) => {
        const problem = wrong(name);
        return problem === undefined ? [] : [[name, problemWords(t, problem)] as const];
      }),
    );
    return this.editor(me, { texts: textsIn(fields), inForce, errors });
  }

  /** What the written terms would change and cost. Errors: `request.invalid`, as {@link TermsPreviews.of}. */
  async preview(me: Principal, fields: Fields, problem: string | null = null): Promise<TermsPreviewModel> {
    const texts = textsIn(fields);
    const { inForce, newest, changes, superseded, replayed } = await this.previews.of(
      givenBy(texts),
      previewDays,
    );
    return {
      ...this.lookedAtBy(me),
      formKey: this.desk.formKey(),
      inForce: inForce.version,
      basedOn: newest,
      ...{ texts, changes, superseded, replayed, days: previewDays },
      reason: textOf(fields, 'reason').slice(0, 500),
      problem,
    };
  }

  private async editor(
    me: Principal,
    of: Pick<TermsEditorModel, 'texts' | 'inForce'> & { errors?: TermsEditorModel['errors'] },
  ): Promise<TermsEditorModel> {
    return { viewer: this.desk.viewer(me), errors: new Map(), ...of };
  }

  private lookedAtBy(me: Principal) {
    return { viewer: this.desk.viewer(me), mayChange: me.role === 'admin' };
  }
}
