import { externalIdPattern } from '../../platform/external-id.js';
import { parseEmail, type EmailAddress } from '../../platform/email-address.js';
import { parseAlias } from '../../referral/index.js';
import { unescapeFormula } from '../../platform/csv.js';
import { customerMessage, emailMessage } from '../import-report/messages.js';
import { showValue } from '../import-report/show-value.js';
import { parseFileDate } from './file-date.js';
import type { MovingCells, MovingField } from './tool-format.js';

/** A row that makes sense by itself; what is null was empty. */
export interface MovingRow {
  line: number;
  email: EmailAddress | null;
  externalId: string | null;
  customer: string | null;
  createdAt: Date | null;
  firstPaidAt: Date | null;
  ownCode: string | null;
  referrerCode: string | null;
  /** The parameter of the link in which its code stands. */
  linkParameter: string | null;
  referrerExternalId: string | null;
  referrerEmail: EmailAddress | null;
  creditDays: number | null;
  creditKey: string | null;
}

/** What is wrong with a cell, in words that follow the name of its column. */
export interface CellProblem {
  field: MovingField;
  value: string;
  message: string;
}

const maxIdLength = 200;
const externalIdProblem = 'is not 1 to 200 visible ASCII characters';
const maxCreditDays = 3650;
const dateMessage = 'is not a time in the past that can be read in one way, such as 2026-01-31T12:00:00Z';

/** Reads the cells of a row; `now` is the latest moment that can have been. */
export function parseMovingRow(
  line: number,
  cells: MovingCells,
  now: Date,
): { row: MovingRow; problems: CellProblem[] } {
  const problems: CellProblem[] = [];
  const read = <T>(field: MovingField, parse: (text: string) => T | null, message: string): T | null => {
    const text = unescapeFormula(cells[field].trim());
    if (text === '') return null;
    const value = parse(text);
    if (value === null) problems.push({ field, value: showValue(text), message });
    return value;
  };
  const parseDate = (text: string) => parseFileDate(text, now);
  const codeMessage = 'is longer than 100 characters';
  const idMessage = `is longer than ${maxIdLength} characters`;
  const row: MovingRow = {
    line,
    email: read('email', parseEmail, emailMessage),
    externalId: read('externalId', parseExternalId, externalIdProblem),
    customer: read('customer', parseCustomer, customerMessage),
    createdAt: read('createdAt', parseDate, dateMessage),
    firstPaidAt: read('firstPaidAt', parseDate, dateMessage),
    ownCode: read('ownCode', parseAlias, codeMessage),
    referrerCode: read('referrerCode', parseAlias, codeMessage),
    linkParameter: read('linkParameter', parseId, idMessage),
    referrerExternalId: read('referrerExternalId', parseExternalId, externalIdProblem),
    referrerEmail: read('referrerEmail', parseEmail, emailMessage),
    creditDays: read('creditDays', parseDays, `is not a whole number of days from 1 to ${maxCreditDays}`),
    creditKey: read('creditKey', parseId, idMessage),
  };
  if (row.creditDays !== null && row.creditKey === null && cells.creditKey.trim() === '')
    problems.push({
      field: 'creditKey',
      value: '',
      message: 'is missing beside credit_days: name the row, so that it counts once',
    });
  return { row, problems };
}

function parseId(text: string): string | null {
  return [...text].length > maxIdLength || text.includes('\0') ? null : text;
}

function parseExternalId(text: string): string | null {
  return externalIdPattern.test(text) ? text : null;
}

function parseCustomer(text: string): string | null {
  return /^cus_[A-Za-z0-9]{1,200}$/.test(text) ? text : null;
}

/** A spreadsheet may write 45 as 45.0. */
function parseDays(text: string): number | null {
  const days = /^\d{1,4}(\.0+)?$/.test(text) ? Number(text) : 0;
  return days >= 1 && days <= maxCreditDays ? days : null;
}
