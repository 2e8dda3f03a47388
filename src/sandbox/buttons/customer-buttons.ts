import { refused } from '../api/errors.js';
import { deleteCustomer } from '../verbs/delete-customer.js';
import { expireCheckout } from '../verbs/expire-checkout.js';
import type { Panel } from './button.js';

/** What can happen to a customer. */
export const customerPanel: Panel<'customer'> = {
  type: 'customer',
  path: 'customers',
  buttons: [
    {
      name: 'delete',
      label: 'Delete',
      shown: 'first',
      danger: true,
      fits: () => true,
      press: async ({ work, object }) => {
        await deleteCustomer(work, object);
        return object;
      },
    },
  ],
};

/** What can happen to a checkout beside its own page. */
export const checkoutPanel: Panel<'checkout.session'> = {
  type: 'checkout.session',
  path: 'checkouts',
  buttons: [
    {
      name: 'expire',
      label: 'Expire',
      fits: ({ status }) => status === 'open',
      press: ({ work, object }) => {
        if (object.status !== 'open') throw refused(`This checkout is ${object.status}.`);
        return expireCheckout(work, object);
      },
    },
  ],
};
