import { Injectable } from '@nestjs/common';
import { DeliveriesRepository, EndpointReader } from '../../outgoing-webhooks/index.js';
import type { FormFields } from '../../platform/http/form-fields.js';
import type { Principal } from '../../platform/security/principal.js';
import { AdminForms } from '../admin-forms.js';
import { loadList } from '../lists/list-view.js';
import { deliverySource } from './delivery-source.js';
import type { DeliveriesPageModel } from './pages/deliveries-page.js';
import type { EndpointPageModel } from './pages/endpoint-page.js';
import type { EndpointsPageModel } from './pages/endpoints-page.js';

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

  /** The deliveries of all endpoints. */
  async deliveriesPage(me: Principal, query: FormFields): Promise<DeliveriesPageModel> {
    const list = await loadList(deliverySource(this.deliveries, null), query, me);
    return { viewer: await this.forms.viewerFor(me), list };
  }

  /** One endpoint with its deliveries, as `query` asks for them. Errors: `request.not_found`. */
  async endpointPage(
    me: Principal,
    id: string,
    more: Partial<EndpointPageModel>,
    query: FormFields = {},
  ): Promise<EndpointPageModel> {
    const [endpoint, deliveries] = await Promise.all([
      this.reader.get(id),
      loadList(deliverySource(this.deliveries, id), query, me),
    ]);
    return {
      ...(await this.shared(me)),
      endpoint,
      deliveries,
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
