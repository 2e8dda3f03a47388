import { codeOfLink, type ToolFormat } from '../tool-format.js';

/**
 * Dub: the exports of customers, with the columns of the partner turned on, of partners, and of
 * commissions, with those of the customer turned on.
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
  commissions: {
    columns: {
      email: ['Customer email'],
      externalId: ['Customer external ID'],
      firstPaidAt: ['Created at'],
      referrerExternalId: ['Partner tenant ID'],
      referrerEmail: ['Partner email'],
    },
    required: [['email', 'externalId'], ['firstPaidAt']],
    ignored: [
      ...['ID', 'Type', 'Amount', 'Earnings', 'Currency', 'Status', 'Invoice ID', 'Description', 'Quantity'],
      ...['Paid at', 'Updated at', 'Partner ID', 'Partner name', 'Customer ID', 'Customer name'],
    ],
    // of a click, or given by the team
    isLeftOut: ({ email, externalId }) => email === '' && externalId === '',
  },
  adjust: (cells) => ({
    ...cells,
    referrerCode: codeOfLink(cells.referrerCode),
    ownCode: codeOfLink(cells.ownCode),
  }),
};
