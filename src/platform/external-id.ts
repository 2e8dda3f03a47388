/** What an external id is made of: visible ASCII, so that it fits into a path and a log. */
export const externalIdPattern = /^[\x21-\x7e]{1,200}$/;
export const externalIdMessage = 'externalId is 1 to 200 visible ASCII characters';
