import { codeOfLink, type ToolFormat } from '../tool-format.js';

/**
 * Dub: the export of customers, with the columns of the partner turned on; and that of partners.
 * The tenant ID of a partner is the id that the product itself gave them.
 */
export const dub: ToolFormat = {
  name: 'dub',
  title: 'Dub',
  referred: {
    columns: {
      email: ['Email', 'Customer email'],
      externalId: ['External ID', 'Customer external ID'],
      customer: ['Stripe customer ID'],
      createdAt: ['Created at'],
      firstPaidAt: ['First sale at'],
      referrerCode: ['Link'],
      referrerExternalId: ['Partner tenant ID'],
      referrerEmail: ['Partner email'],
    },
    required: [['email'], ['referrerCode', 'referrerExternalId', 'referrerEmail']],
    ignored: ['ID', 'Name', 'Country', 'Partner', 'Partner ID', 'Partner name', 'Sales', 'Sale amount'],
  },
  partners: {
    columns: {
      email: ['Email', 'Partner email'],
      externalId: ['Tenant ID', 'Partner tenant ID'],
      createdAt: ['Created at', 'Enrolled at'],
      ownCode: ['Link', 'Links', 'Short link'],
    },
    required: [['email'], ['ownCode']],
    ignored: ['ID', 'Name', 'Country'],
  },
  adjust: (cells) => ({
    ...cells,
    referrerCode: codeOfLink(cells.referrerCode),
    ownCode: codeOfLink(cells.ownCode),
  }),
};
