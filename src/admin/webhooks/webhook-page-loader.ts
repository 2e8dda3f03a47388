import { Injectable } from '@nestjs/common';
import { DeliveriesRepository, deliveryStatuses, EndpointReader } from '../../outgoing-webhooks/index.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import type { Principal } from '../../platform/security/principal.js';
import { AdminForms, nextHref } from '../admin-forms.js';
import type { EndpointPageModel } from './pages/endpoint-page.js';
import type { EndpointsPageModel } from './pages/endpoints-page.js';

const deliveriesPerPage = 10;

/** Gathers what the pages of outgoing webhooks show; `more` is what a form has to say. */
@Injectable()
export class WebhookPageLoader {
  constructor(
    private readonly reader: EndpointReader,
    private readonly deliveries: DeliveriesRepository,
    private readonly forms: AdminForms,
  ) {}

  /** All endpoints. */
  async listPage(me: Principal, more: Partial<EndpointsPageModel>): Promise<EndpointsPageModel> {
    return {
      ...(await this.shared(me)),
      endpoints: await this.reader.list(),
      ...{ notice: null, problem: null, fields: {} },
      ...more,
    };
  }

  /**
   * One endpoint with its deliveries, as `query` has `status` and `cursor`. Errors:
   * `request.not_found`.
   */
  async endpointPage(
    me: Principal,
    id: string,
    more: Partial<EndpointPageModel>,
    query: FormFields = {},
  ): Promise<EndpointPageModel> {
    const status = deliveryStatuses.find((own) => own === query.status);
    const cursor = textField(query, 'cursor');
    const [endpoint, deliveries] = await Promise.all([
      this.reader.get(id),
      this.deliveries.list(id, {
        limit: deliveriesPerPage,
        ...(status === undefined ? {} : { status }),
        ...(cursor === '' ? {} : { cursor }),
      }),
    ]);
    return {
      ...(await this.shared(me)),
      endpoint,
      deliveries: deliveries.items,
      status: status ?? null,
      nextHref: nextHref(`/admin/webhooks/${id}`, { status: status ?? '' }, deliveries.nextCursor),
      ...{ secret: null, testResult: null, notice: null, problem: null, fields: null },
      ...more,
    };
  }

  private async shared(me: Principal) {
    return {
      viewer: await this.forms.viewerFor(me),
      mayChange: me.role === 'admin',
      idempotencyKey: this.forms.newIdempotencyKey(),
    };
  }
}
