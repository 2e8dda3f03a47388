import { invalidStateError } from '../api/errors.js';
import { deleteCustomer } from '../operations/customers.js';
import { expireCheckout } from '../operations/checkout.js';
import type { ActionGroup } from './action.js';

/** What can happen to a customer. */
export const customerActions: ActionGroup<'customer'> = {
  type: 'customer',
  path: 'customers',
  actions: [
    {
      name: 'delete',
      label: 'Delete',
      shown: 'first',
      danger: true,
      isAvailable: () => true,
      run: async ({ unitOfWork, object }) => {
        await deleteCustomer(unitOfWork, object);
        return object;
      },
    },
  ],
};

/** What can happen to a checkout beside its own page. */
export const checkoutActions: ActionGroup<'checkout.session'> = {
  type: 'checkout.session',
  path: 'checkouts',
  actions: [
    {
      name: 'expire',
      label: 'Expire',
      isAvailable: ({ status }) => status === 'open',
      run: ({ unitOfWork, object }) => {
        if (object.status !== 'open') throw invalidStateError(`This checkout is ${object.status}.`);
        return expireCheckout(unitOfWork, object);
      },
    },
  ],
};
