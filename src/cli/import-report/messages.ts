/** What is wrong with a cell of any file, in words that follow the name of its column. */
export const emailMessage = 'is not an email address, such as anna@example.org';
export const customerMessage = 'is not a Stripe customer id, such as cus_Q1w2E3r4T5';

/** What is wrong with a row whose cells would stand in other columns than they should. */
export function widthFinding({ cells, headerCells }: { cells: number; headerCells: number }) {
  return {
    value: `${cells} cells`,
    message: `does not have the ${headerCells} cells of the header: quote cells that contain a separator`,
  };
}
