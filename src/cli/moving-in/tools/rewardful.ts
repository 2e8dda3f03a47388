import type { ToolFormat } from '../tool-format.js';

/** Rewardful: the referrals, with the email of the customer and the token; and the affiliates. */
export const rewardful: ToolFormat = {
  name: 'rewardful',
  title: 'Rewardful',
  referred: {
    columns: {
      email: ['email', 'customer_email'],
      customer: ['stripe_customer_id', 'customer_id'],
      createdAt: ['became_lead_at', 'created_at'],
      firstPaidAt: ['became_conversion_at'],
      referrerCode: ['token', 'link_token'],
      referrerEmail: ['affiliate_email'],
    },
    required: [['email'], ['referrerCode', 'referrerEmail']],
    mistaken: {
      columns: ['first_name', 'paypal_email', 'wise_email'],
      hint: 'In such a file "email" is that of the affiliate. Rename it to "affiliate_email", put the address of the customer in "email", and remove this column.',
    },
    ignored: ['id', 'name', 'conversion_state', 'visits', 'expires_at', 'updated_at'],
  },
  partners: {
    columns: { email: ['email'], createdAt: ['created_at'], ownCode: ['token', 'link_token'] },
    required: [['email'], ['ownCode']],
    ignored: ['id', 'first_name', 'last_name', 'state', 'paypal_email', 'wise_email'],
  },
};
