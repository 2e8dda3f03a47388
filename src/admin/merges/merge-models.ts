import { Injectable } from '@nestjs/common';
import { AuthService, type User } from '../../auth/index.js';
import { AccountMerges, MergeList, type MergeView } from '../../life/index.js';
import { DomainError } from '../../platform/errors.js';
import { textOf, type Fields } from '../../platform/http/form-fields.js';
import type { Principal } from '../../platform/http/principal.js';
import { isId } from '../../platform/ids.js';
import { wordsIn } from '../../platform/locale/words.js';
import type { Viewer } from '../../platform/pages/layout.js';
import { ConsoleDesk, nextHref } from '../console-desk.js';
import { previewView, type PreviewView } from './preview-view.js';

/**
 * The page of merges. `from` and `into` are what was typed; `preview` what that would do; `formKey` makes sending the form
 * twice one merge.
 */
export interface MergePageModel {
  viewer: Viewer;
  locale: string;
  mayChange: boolean;
  from: string;
  into: string;
  preview: PreviewView | null;
  formKey: string;
  merges: MergeView[];
  nextHref: string | null;
  notice: 'merged' | 'undone' | null;
  problem: string | null;
}

const notices = ['merged', 'undone'] as const;
const shownAtOnce = 25;

/** Gathers what the console's page of merges shows. */
@Injectable()
export class MergeModels {
  constructor(
    private readonly merges: AccountMerges,
    private readonly list: MergeList,
    private readonly auth: AuthService,
    private readonly desk: ConsoleDesk,
  ) {}

  /** The page, with what merging the two accounts in `fields` would do. `problem`: what would not do. */
  async page(me: Principal, fields: Fields, problem: string | null = null): Promise<MergePageModel> {
    const [from, into] = [textOf(fields, 'from').slice(0, 300), textOf(fields, 'into').slice(0, 300)];
    const cursor = textOf(fields, 'cursor');
    const { items, nextCursor } = await this.list.page({
      limit: shownAtOnce,
      ...(cursor === '' ? {} : { cursor }),
    });
    const looked = await this.look(me, { from, into });
    return {
      viewer: this.desk.viewer(me),
      locale: me.locale,
      mayChange: me.role === 'admin',
      ...{ from, into },
      preview: looked.preview,
      formKey: this.desk.formKey(),
      merges: items,
      nextHref: nextHref('/admin/merges', { from, into }, nextCursor),
      notice: notices.find((own) => own === textOf(fields, 'done')) ?? null,
      problem: problem ?? looked.problem,
    };
  }

  /** The account that somebody typed the address or the id of. Errors: `request.not_found`, in the words of `me`. */
  async account(me: Principal, text: string): Promise<User> {
    const typed = text.trim();
    const user = isId(typed) ? await this.auth.userOf(typed) : await this.auth.findByEmail(typed);
    if (user !== null) return user;
    const detail = wordsIn(me.locale)('merge.unknownAccount', { text: typed });
    throw new DomainError('request.not_found', { detail });
  }

  private async look(
    me: Principal,
    { from, into }: { from: string; into: string },
  ): Promise<Pick<MergePageModel, 'preview' | 'problem'>> {
    if (me.role !== 'admin' || from === '' || into === '') return { preview: null, problem: null };
    try {
      const plan = await this.merges.preview({
        fromUserId: (await this.account(me, from)).id,
        intoUserId: (await this.account(me, into)).id,
      });
      return { preview: previewView(plan, me.locale), problem: null };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return { preview: null, problem: error.message };
    }
  }
}
