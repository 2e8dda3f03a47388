import { Injectable } from '@nestjs/common';
import { AuthService, type User } from '../../auth/index.js';
import { AccountMergeService, MergeList, type MergeDto } from '../../accounts/index.js';
import { DomainError, errorText } from '../../platform/errors.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import type { Principal } from '../../platform/security/principal.js';
import { isId } from '../../platform/ids.js';
import { getTranslator } from '../../platform/i18n/translations.js';
import { AdminForms, type StaffViewer } from '../admin-forms.js';
import { loadList, type ListView } from '../lists/list-view.js';
import { mergeSource } from './merge-source.js';
import { toMergePreviewDto, type MergePreviewDto } from './merge.dto.js';

/**
 * The page of merges. `from` and `into` are what was typed; `preview` what that would do;
 * `idempotencyKey` makes sending the form twice one merge.
 */
export interface MergePageModel {
  viewer: StaffViewer;
  mayChange: boolean;
  from: string;
  into: string;
  preview: MergePreviewDto | null;
  idempotencyKey: string;
  list: ListView<MergeDto>;
  notice: 'merged' | 'undone' | null;
  problem: string | null;
}

const notices = ['merged', 'undone'] as const;

/** Gathers what the console's page of merges shows. */
@Injectable()
export class MergePageLoader {
  constructor(
    private readonly merges: AccountMergeService,
    private readonly mergeQueries: MergeList,
    private readonly auth: AuthService,
    private readonly forms: AdminForms,
  ) {}

  /**
   * The page, with what merging the two accounts in `fields` would do. `problem`: what would not
   * do.
   */
  async mergePage(me: Principal, fields: FormFields, problem: string | null = null): Promise<MergePageModel> {
    const [from, into] = [textField(fields, 'from').slice(0, 300), textField(fields, 'into').slice(0, 300)];
    const loaded = await this.loadPreview(me, { from, into });
    return {
      viewer: await this.forms.viewerFor(me),
      mayChange: me.role === 'admin',
      ...{ from, into },
      preview: loaded.preview,
      idempotencyKey: this.forms.newIdempotencyKey(),
      list: await loadList(mergeSource(this.mergeQueries), fields, me),
      notice: notices.find((own) => own === textField(fields, 'done')) ?? null,
      problem: problem ?? loaded.problem,
    };
  }

  /** The account that a person typed the address or the id of. Errors: `request.not_found`. */
  async findAccount(text: string): Promise<User> {
    const typed = text.trim();
    const user = isId(typed) ? await this.auth.findById(typed) : await this.auth.findByEmail(typed);
    if (user !== null) return user;
    throw new DomainError('request.not_found', {
      text: { key: 'merge.unknownAccount', values: { text: typed } },
    });
  }

  private async loadPreview(
    me: Principal,
    { from, into }: { from: string; into: string },
  ): Promise<Pick<MergePageModel, 'preview' | 'problem'>> {
    if (me.role !== 'admin' || from === '' || into === '') return { preview: null, problem: null };
    try {
      const plan = await this.merges.preview({
        fromUserId: (await this.findAccount(from)).id,
        intoUserId: (await this.findAccount(into)).id,
      });
      return { preview: toMergePreviewDto(plan, me.locale), problem: null };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return { preview: null, problem: errorText(getTranslator(me.locale), error) };
    }
  }
}
