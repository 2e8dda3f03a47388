import type { Work } from '../work.js';
import { embeddedList } from '../objects/list.js';
import { newLineItem } from '../objects/line-item.js';
import { hiddenTerms } from '../verbs/checkout-terms.js';
import { held } from '../verbs/held.js';
import type { Resource } from '../store/resources.js';
import { ApiError } from './errors.js';

type Node = Record<string, unknown>;

/** Replaces ids by the objects they name, along paths such as `data.latest_invoice.payments`. *errors* a path that leads nowhere */
export async function expand(work: Work, answer: object, paths: string[]): Promise<object> {
  const root: object = structuredClone(JSON.parse(JSON.stringify(answer)));
  for (const path of paths) await follow(work, root, path.split('.'), path);
  return root;
}

async function follow(work: Work, at: unknown, [name, ...rest]: string[], path: string): Promise<void> {
  if (name === undefined || at === null) return;
  if (Array.isArray(at)) {
    for (const entry of at) await follow(work, entry, [name, ...rest], path);
    return;
  }
  if (!isNode(at)) throw cannotExpand(path);
  at[name] = await expanded(work, at, name, path);
  await follow(work, at[name], rest, path);
}

async function expanded(work: Work, at: Node, name: string, path: string): Promise<unknown> {
  const value = at[name];
  if (value === undefined) return included(work, at, name, path);
  if (typeof value !== 'string') return value;
  const object = await work.store.findAny(value);
  if (object === null) throw cannotExpand(path);
  return object;
}

/** Lists that an object shows on request only. */
async function included(work: Work, at: Node, name: string, path: string): Promise<unknown> {
  const object = at as unknown as Resource;
  if (object.object === 'invoice' && name === 'payments') {
    const filters = [{ sql: `data->>'invoice' = $`, value: object.id }];
    return embeddedList(
      (await work.store.list('invoice_payment', { filters, limit: 10 })).data,
      '/v1/invoice_payments',
    );
  }
  if (object.object === 'customer' && name === 'subscriptions') {
    const filters = [
      { sql: `data->>'customer' = $`, value: object.id },
      { sql: `data->>'status' <> 'canceled'` },
    ];
    return embeddedList(
      (await work.store.list('subscription', { filters, limit: 10 })).data,
      '/v1/subscriptions',
    );
  }
  if (object.object === 'checkout.session' && name === 'line_items') {
    const { price, quantity } = await hiddenTerms(work, object);
    const item = newLineItem(await held(work, 'price', price), quantity);
    return embeddedList([item], `/v1/checkout/sessions/${object.id}/line_items`);
  }
  throw cannotExpand(path);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}

function cannotExpand(path: string): ApiError {
  return new ApiError(
    400,
    'invalid_request_error',
    `This property cannot be expanded (${path}).`,
    undefined,
    'expand',
  );
}
