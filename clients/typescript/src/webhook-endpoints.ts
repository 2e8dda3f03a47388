import type { CallOptions, Http } from './http.js';
import { pagesOf } from './pages.js';
import type {
  ChangeWebhookEndpoint,
  CreateWebhookEndpoint,
  WebhookDelivery,
  WebhookEndpoint,
  WebhookEndpointWithSecret,
  WebhookTestResult,
} from './types.js';

/** Receivers of webhooks. `create`, `rotateSecret` and `test` are not repeated after an error. */
export class WebhookEndpoints {
  constructor(private readonly http: Http) {}

  /** Adds a receiver. Its secret is shown this once. */
  create(endpoint: CreateWebhookEndpoint, options?: CallOptions): Promise<WebhookEndpointWithSecret> {
    return this.http.call('post', '/api/v1/webhook-endpoints', { body: endpoint, options });
  }

  list(options?: CallOptions): AsyncGenerator<WebhookEndpoint, void, undefined> {
    return pagesOf((query) => this.http.call('get', '/api/v1/webhook-endpoints', { query, options }));
  }

  get(id: string, options?: CallOptions): Promise<WebhookEndpoint> {
    return this.http.call('get', '/api/v1/webhook-endpoints/{id}', { path: { id }, options });
  }

  update(id: string, change: ChangeWebhookEndpoint, options?: CallOptions): Promise<WebhookEndpoint> {
    const path = { id };
    return this.http.call('patch', '/api/v1/webhook-endpoints/{id}', { path, body: change, options });
  }

  delete(id: string, options?: CallOptions): Promise<void> {
    return this.http.call('delete', '/api/v1/webhook-endpoints/{id}', { path: { id }, options });
  }

  /** Makes a new secret. For 24 hours each webhook is signed with both. */
  rotateSecret(id: string, options?: CallOptions): Promise<WebhookEndpointWithSecret> {
    return this.http.call('post', '/api/v1/webhook-endpoints/{id}/rotate-secret', { path: { id }, options });
  }

  /** Sends `webhook.test` now, and answers what the receiver answered. */
  test(id: string, options?: CallOptions): Promise<WebhookTestResult> {
    return this.http.call('post', '/api/v1/webhook-endpoints/{id}/test', { path: { id }, options });
  }

  /** What was sent to a receiver, the newest first. */
  deliveries(
    id: string,
    { status, ...options }: CallOptions & { status?: WebhookDelivery['status'] | undefined } = {},
  ): AsyncGenerator<WebhookDelivery, void, undefined> {
    return pagesOf((page) =>
      this.http.call('get', '/api/v1/webhook-endpoints/{id}/deliveries', {
        path: { id },
        query: status === undefined ? page : { ...page, status },
        options,
      }),
    );
  }

  /** Sends a webhook again. */
  redeliver(deliveryId: string, options?: CallOptions): Promise<WebhookDelivery> {
    return this.http.call('post', '/api/v1/webhook-endpoints/deliveries/{id}/redeliver', {
      path: { id: deliveryId },
      options,
    });
  }
}
