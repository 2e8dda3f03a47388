import { adminActor } from '../../../platform/security/principal.js';
import { Injectable } from '@nestjs/common';
import { MergeList } from '../../../accounts/index.js';
import { BillingService } from '../../../billing/index.js';
import { Database } from '../../../platform/database/database.js';
import { rehearse } from '../../../platform/database/rehearse.js';
import type { Tx } from '../../../platform/database/tx.js';
import { DomainError, errorText } from '../../../platform/errors.js';
import { textField, type FormFields } from '../../../platform/http/form-fields.js';
import { getTranslator } from '../../../platform/i18n/translations.js';
import type { Principal, Role } from '../../../platform/security/principal.js';
import { AdminForms, parseWholeNumber, type StaffViewer } from '../../admin-forms.js';
import { AdminUsersRepository } from '../admin-users.repository.js';
import { ManualCredit } from '../manual-credit.js';
import type { AdminUserDto } from '../user.dto.js';

/** How far an action would move a user's credit. */
export interface CreditPreview {
  days: number;
  until: Date | null;
}

/** What an action is about, with what it would do; null where that cannot be said yet. */
export type UserAction =
  | { name: 'credit'; preview: CreditPreview | null }
  | { name: 'revoke'; entryId: string; preview: CreditPreview | null }
  | { name: 'role'; role: Role }
  | { name: 'erase'; subscription: string | null; mergedAccounts: (string | null)[] };

/** A page on which staff see what an action does before it is done. `reason` is what was typed. */
export interface UserActionModel {
  viewer: StaffViewer;
  mayChange: boolean;
  idempotencyKey: string;
  user: AdminUserDto;
  action: UserAction;
  reason: string;
  problem: string | null;
}

/** What a page of an action is opened with; `problem` is why it was refused. */
export interface ActionRequest {
  me: Principal;
  userId: string;
  fields: FormFields;
  problem?: string;
}

/** Gathers what the pages of actions about a user show. */
@Injectable()
export class UserActionPageLoader {
  // eslint-disable-next-line max-params -- previews ask each module that an action changes
  constructor(
    private readonly users: AdminUsersRepository,
    private readonly manualCredit: ManualCredit,
    private readonly billing: BillingService,
    private readonly merges: MergeList,
    private readonly forms: AdminForms,
    private readonly database: Database,
  ) {}

  /** Giving days: `days` of the fields says how many. Errors: `request.not_found`. */
  async creditPage(request: ActionRequest): Promise<UserActionModel> {
    const { me, userId, fields } = request;
    const grant = async (tx: Tx): Promise<number> => {
      const days = parseWholeNumber(fields, 'days', 3650) ?? 0;
      await this.manualCredit.grant(tx, adminActor(me), { userId, days, reason: 'preview' });
      return days;
    };
    const isAsked = textField(fields, 'days') !== '';
    const { preview, problem } = isAsked ? await this.preview(request, grant) : noPreview;
    return this.page(request, { name: 'credit', preview }, problem);
  }

  /** Taking back what is left of a grant. Errors: `request.not_found`. */
  async revokePage(request: ActionRequest, entryId: string): Promise<UserActionModel> {
    const { me, userId } = request;
    const { preview, problem } = await this.preview(request, async (tx) => {
      const decision = { entryId, reason: 'preview', userId };
      return (await this.manualCredit.revoke(tx, adminActor(me), decision)).days;
    });
    return this.page(request, { name: 'revoke', entryId, preview }, problem);
  }

  /** Another role; `role` of the fields is the one that was chosen. Errors: `request.not_found`. */
  async rolePage(request: ActionRequest): Promise<UserActionModel> {
    const chosen = (['user', 'support', 'admin'] as const).find(
      (own) => own === textField(request.fields, 'role'),
    );
    const { user } = await this.page(request, { name: 'role', role: 'user' }, null);
    return this.page(request, { name: 'role', role: chosen ?? user.role }, null);
  }

  /** Erasing the person. Errors: `request.not_found`. */
  async erasePage(request: ActionRequest): Promise<UserActionModel> {
    const { userId } = request;
    const [subscription, merges] = await Promise.all([
      this.billing.getSubscription(userId),
      this.merges.findByUser(userId),
    ]);
    const mergedAccounts = merges
      .filter(({ undoneAt, into }) => undoneAt === null && into.userId === userId)
      .map(({ from }) => from.email);
    const action = { name: 'erase' as const, subscription: subscription?.status ?? null, mergedAccounts };
    return this.page(request, action, null);
  }

  /** What `work`, which answers how many days it moves, would do to the user's credit. */
  private async preview(
    { me, userId }: ActionRequest,
    work: (tx: Tx) => Promise<number>,
  ): Promise<{ preview: CreditPreview | null; problem: string | null }> {
    try {
      const preview = await rehearse(this.database, async (tx) => {
        const days = await work(tx);
        return { days, until: (await this.users.findById(userId, tx))?.creditUntil ?? null };
      });
      return { preview, problem: null };
    } catch (error) {
      if (!(error instanceof DomainError) || error.status >= 500) throw error;
      return { preview: null, problem: errorText(getTranslator(me.locale), error) };
    }
  }

  private async page(
    { me, userId, fields, problem }: ActionRequest,
    action: UserAction,
    previewProblem: string | null,
  ): Promise<UserActionModel> {
    const user = await this.users.findById(userId);
    if (user === null) throw new DomainError('request.not_found');
    return {
      viewer: await this.forms.viewerFor(me),
      mayChange: me.role === 'admin' && user.email !== null,
      idempotencyKey: this.forms.newIdempotencyKey(),
      ...{ user, action, reason: textField(fields, 'reason') },
      problem: problem ?? previewProblem,
    };
  }
}

const noPreview = { preview: null, problem: null };
