import { invalidParamError } from '../api/errors.js';
import type { Params } from '../api/params.js';
import type { Resource, ResourceType } from '../store/store.js';
import { type UnitOfWork, lockOr404 } from '../unit-of-work.js';
import type { ActionGroup } from './action.js';
import {
  chargeActions,
  creditNoteActions,
  disputeActions,
  refundActions,
  fraudWarningActions,
} from './charge-actions.js';
import { checkoutActions, customerActions, subscriptionActions } from './customer-actions.js';
import { invoiceActions } from './invoice-actions.js';

/** An action group without its types, so that every kind can be served alike. */
export interface ActionRunner {
  path: string;
  names: string[];
  run: (unitOfWork: UnitOfWork, id: string, name: string, fields: Params) => Promise<Resource>;
}

/** Everything that can be made to happen, by kind. */
export const actionRunners: ActionRunner[] = [
  toRunner(subscriptionActions),
  toRunner(chargeActions),
  toRunner(invoiceActions),
  toRunner(refundActions),
  toRunner(disputeActions),
  toRunner(fraudWarningActions),
  toRunner(creditNoteActions),
  toRunner(customerActions),
  toRunner(checkoutActions),
];

function toRunner<K extends ResourceType>({ type, path, actions }: ActionGroup<K>): ActionRunner {
  return {
    path,
    names: actions.map(({ name }) => name),
    run: async (work, id, name, fields) => {
      const action = actions.find((candidate) => candidate.name === name);
      if (action === undefined) throw invalidParamError('action', `There is no button '${name}' here.`);
      const object = await lockOr404(work, type, id);
      const result = await action.run({ unitOfWork: work, object, fields });
      fields.rejectUnread();
      return result;
    },
  };
}
