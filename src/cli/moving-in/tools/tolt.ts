import type { ToolFormat } from '../tool-format.js';

/**
 * Tolt: the customers, with the value of the link that they came by; and the partners.
 * `customer_id` is whatever the product calls the customer: an id of Stripe, or one of its own.
 */
export const tolt: ToolFormat = {
  name: 'tolt',
  title: 'Tolt',
  referred: {
    columns: {
      email: ['email'],
      externalId: ['customer_id'],
      createdAt: ['created_at'],
      firstPaidAt: ['active_at'],
      referrerCode: ['value', 'link_value'],
      linkParameter: ['param'],
      referrerEmail: ['partner_email'],
    },
    required: [['email'], ['referrerCode', 'referrerEmail']],
    ignored: ['id', 'name', 'status', 'partner_id', 'program_id', 'updated_at'],
  },
  partners: {
    columns: {
      email: ['email'],
      createdAt: ['created_at'],
      ownCode: ['value', 'link_value'],
      linkParameter: ['param'],
    },
    required: [['email'], ['ownCode']],
    ignored: ['id', 'first_name', 'last_name', 'company_name', 'country_code', 'status'],
  },
  adjust: (cells) =>
    cells.externalId.startsWith('cus_')
      ? { ...cells, externalId: '', customer: cells.customer || cells.externalId }
      : cells,
};
