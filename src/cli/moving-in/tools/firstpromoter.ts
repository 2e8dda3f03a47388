import type { ToolFormat } from '../tool-format.js';

/** FirstPromoter: the referrals; `uid` is the id of the user in the product. And the promoters. */
export const firstpromoter: ToolFormat = {
  name: 'firstpromoter',
  title: 'FirstPromoter',
  referred: {
    columns: {
      email: ['email'],
      externalId: ['uid'],
      createdAt: ['created_at'],
      firstPaidAt: ['customer_since'],
      referrerCode: ['ref_token', 'ref_id'],
      referrerEmail: ['promoter_email'],
    },
    required: [['email'], ['referrerCode', 'referrerEmail']],
    ignored: ['id', 'state', 'status', 'first_name', 'last_name', 'username', 'plan_name', 'cancelled_at'],
  },
  partners: {
    columns: {
      email: ['email'],
      externalId: ['cust_id'],
      createdAt: ['created_at'],
      ownCode: ['ref_token', 'ref_id', 'default_ref_id'],
    },
    required: [['email'], ['ownCode']],
    ignored: ['id', 'state', 'status', 'first_name', 'last_name', 'name'],
  },
};
