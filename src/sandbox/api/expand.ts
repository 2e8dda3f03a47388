import { type UnitOfWork, mustGet } from '../unit-of-work.js';
import { embeddedList } from '../objects/stripe-objects.js';
import { newLineItem } from '../objects/checkout-session.js';
import type { Resource } from '../store/store.js';
import { ApiError } from './errors.js';

type Node = Record<string, unknown>;

/**
 * Replaces ids by the objects they name, along paths such as `data.latest_invoice.payments`.
 * *errors* a path that leads nowhere
 */
export async function expand(unitOfWork: UnitOfWork, answer: object, paths: string[]): Promise<object> {
  const root: object = JSON.parse(JSON.stringify(answer)) as object;
  for (const path of paths) await expandPath(unitOfWork, root, path.split('.'), path);
  return root;
}

async function expandPath(
  unitOfWork: UnitOfWork,
  at: unknown,
  [name, ...rest]: string[],
  path: string,
): Promise<void> {
  if (name === undefined || at === null) return;
  if (Array.isArray(at)) {
    for (const entry of at) await expandPath(unitOfWork, entry, [name, ...rest], path);
    return;
  }
  if (!isNode(at)) throw cannotExpand(path);
  at[name] = await expandField(unitOfWork, at, name, path);
  await expandPath(unitOfWork, at[name], rest, path);
}

async function expandField(unitOfWork: UnitOfWork, at: Node, name: string, path: string): Promise<unknown> {
  const value = at[name];
  if (value === undefined) return loadEmbeddedList(unitOfWork, at, name, path);
  if (typeof value !== 'string') return value;
  const object = await unitOfWork.store.findAny(value);
  if (object === null) throw cannotExpand(path);
  return object;
}

/** Lists that an object shows on request only. */
async function loadEmbeddedList(
  unitOfWork: UnitOfWork,
  at: Node,
  name: string,
  path: string,
): Promise<unknown> {
  const object = at as unknown as Resource;
  if (object.object === 'invoice' && name === 'payments') {
    const filters = [{ sql: `data->>'invoice' = $`, value: object.id }];
    return embeddedList(
      (await unitOfWork.store.list('invoice_payment', { filters, limit: 10 })).data,
      '/v1/invoice_payments',
    );
  }
  if (object.object === 'customer' && name === 'subscriptions') {
    const filters = [
      { sql: `data->>'customer' = $`, value: object.id },
      { sql: `data->>'status' <> 'canceled'` },
    ];
    return embeddedList(
      (await unitOfWork.store.list('subscription', { filters, limit: 10 })).data,
      '/v1/subscriptions',
    );
  }
  if (object.object === 'checkout.session' && name === 'line_items') {
    const { price, quantity } = await unitOfWork.store.mustGetFulfilment(object.id);
    const item = newLineItem(await mustGet(unitOfWork, 'price', price), quantity);
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
