import { invalid } from '../api/errors.js';
import type { Params } from '../api/params.js';
import type { Resource, ResourceType } from '../store/resources.js';
import { found } from '../found.js';
import type { Work } from '../work.js';
import type { Panel } from './button.js';
import { chargePanel } from './charge-buttons.js';
import { checkoutPanel, customerPanel } from './customer-buttons.js';
import { invoicePanel } from './invoice-buttons.js';
import { creditNotePanel, disputePanel, refundPanel, warningPanel } from './reversal-buttons.js';
import { subscriptionPanel } from './subscription-buttons.js';

/** A panel without its types, so that every kind can be served alike. */
export interface Presser {
  path: string;
  names: string[];
  press: (work: Work, id: string, name: string, fields: Params) => Promise<Resource>;
}

/** Everything that can be made to happen, by kind. */
export const pressers: Presser[] = [
  presser(subscriptionPanel),
  presser(chargePanel),
  presser(invoicePanel),
  presser(refundPanel),
  presser(disputePanel),
  presser(warningPanel),
  presser(creditNotePanel),
  presser(customerPanel),
  presser(checkoutPanel),
];

function presser<K extends ResourceType>({ type, path, buttons }: Panel<K>): Presser {
  return {
    path,
    names: buttons.map(({ name }) => name),
    press: async (work, id, name, fields) => {
      const button = buttons.find((candidate) => candidate.name === name);
      if (button === undefined) throw invalid('action', `There is no button '${name}' here.`);
      const object = await found(work, type, id);
      const result = await button.press({ work, object, fields });
      fields.finish();
      return result;
    },
  };
}
