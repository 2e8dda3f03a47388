import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import { IdPipe } from '../../platform/http/id.pipe.js';
import { CurrentUser, Roles } from '../../platform/security/auth.decorators.js';
import type { Principal } from '../../platform/security/principal.js';
import { AdminForms, parseReason } from '../admin-forms.js';
import { sendPage } from '../../platform/http/send-page.js';
import { BulkPageLoader } from './bulk-page-loader.js';
import { BulkReview, selectedReferrals } from './bulk-review.js';
import type { ReviewAction } from './decision-effect.js';
import { bulkPage } from './pages/bulk-page.js';
import { bulkPreviewPage } from './pages/bulk-preview-page.js';
import { bulkResultPage } from './pages/bulk-result-page.js';
import { reviewPage } from './pages/review-page.js';
import { ReviewPageLoader } from './review-page-loader.js';

/** The queue of referrals that wait for a person: one after the other, or several at once. */
@ApiExcludeController()
@Controller('admin/review')
@Roles('admin')
export class ReviewPagesController {
  constructor(
    private readonly pages: ReviewPageLoader,
    private readonly bulkPages: BulkPageLoader,
    private readonly bulkReview: BulkReview,
    private readonly forms: AdminForms,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  @Roles('admin', 'support')
  async show(
    @CurrentUser() me: Principal,
    @Query() query: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendPage(reply, reviewPage(await this.pages.load(me, query)));
  }

  @Get('bulk')
  @Roles('admin', 'support')
  async choose(
    @CurrentUser() me: Principal,
    @Query() query: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendPage(reply, bulkPage(await this.bulkPages.choice(me, query)));
  }

  /** What a decision about a selection would bring about; nothing is written. */
  @Post('bulk/preview')
  async preview(
    @CurrentUser() me: Principal,
    @Body() fields: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    let page = '';
    await this.forms.submit({
      ...{ me, reply, redirectTo: '/admin/review/bulk' },
      run: async () => {
        const decision = { action: parseAction(fields), reason: parseReason(fields) };
        const { reviewUndoMinutes: undoMinutes } = this.config;
        const model = await this.bulkPages.preview(me, selectedReferrals(fields), {
          ...decision,
          undoMinutes,
        });
        page = bulkPreviewPage(model);
      },
      renderResult: () => Promise.resolve(page),
      renderWithProblem: async (problem) => bulkPage(await this.bulkPages.choice(me, fields, problem)),
    });
  }

  @Post('bulk')
  async decideAll(
    @CurrentUser() me: Principal,
    @Body() fields: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    let page = '';
    await this.forms.submit({
      ...{ me, reply, redirectTo: '/admin/review/bulk' },
      run: async () => {
        const action = parseAction(fields);
        const reason = parseReason(fields);
        const results = await this.bulkReview.decide(me, selectedReferrals(fields), { action, reason });
        page = bulkResultPage(await this.bulkPages.results(me, results, action));
      },
      renderResult: () => Promise.resolve(page),
      renderWithProblem: async (problem) => bulkPage(await this.bulkPages.choice(me, fields, problem)),
    });
  }

  /** Takes decisions back: of one referral, which is shown again, or of several. */
  @Post('undo')
  async undo(
    @CurrentUser() me: Principal,
    @Body() fields: FormFields,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const only = textField(fields, 'referral');
    let page: string | null = null;
    await this.forms.submit({
      ...{ me, reply, redirectTo: `/admin/review?referral=${encodeURIComponent(only)}&done=undo` },
      run: async () => {
        const results = await this.bulkReview.undo(me, selectedReferrals(fields));
        if (results.length > 1) page = bulkResultPage(await this.bulkPages.results(me, results, 'undo'));
        else if (results[0]?.error) throw results[0].error;
      },
      renderResult: () => Promise.resolve(page),
      renderWithProblem: async (problem) => reviewPage(await this.pages.load(me, {}, problem)),
    });
  }

  /** Decides about one referral, and goes on to the next. */
  @Post([':id/approve', ':id/reject'])
  decide(
    @CurrentUser() me: Principal,
    @Param('id', IdPipe) referralId: string,
    @Body() fields: FormFields,
    @Req() { routeOptions }: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const action: ReviewAction = routeOptions.url?.endsWith('/approve') ? 'approve' : 'reject';
    return this.forms.submit({
      ...{ me, reply, redirectTo: `/admin/review?${nextPlace(fields, referralId).toString()}` },
      run: async () => {
        const reason = parseReason(fields);
        const [result] = await this.bulkReview.decide(me, [referralId], { action, reason });
        if (result?.error) throw result.error;
      },
      renderWithProblem: async (problem) => reviewPage(await this.pages.load(me, fields, problem)),
    });
  }
}

function parseAction(fields: FormFields): ReviewAction {
  return textField(fields, 'decision') === 'approve' ? 'approve' : 'reject';
}

/** Behind the referral that was decided, with one more handled. */
function nextPlace(fields: FormFields, decided: string): URLSearchParams {
  const handled = Number(/^\d{1,4}$/.exec(textField(fields, 'handled'))?.[0] ?? 0) + 1;
  return new URLSearchParams({ after: textField(fields, 'place'), handled: String(handled), decided });
}
