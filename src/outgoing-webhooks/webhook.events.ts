/**
 * An endpoint was disabled because it failed for three days, or said that it is gone. `host`: of
 * its URL. `at` is ISO 8601.
 */
export interface WebhookEndpointDisabled {
  name: 'webhooks.endpoint_disabled';
  endpointId: string;
  host: string;
  reason: 'gone' | 'failing';
  at: string;
}
