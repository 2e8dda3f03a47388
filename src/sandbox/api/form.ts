import { invalid } from './errors.js';

/** What a form says: values and branches by name. Without a prototype, so no name can reach one. */
export interface Form {
  [name: string]: string | Form;
}

/**
 * Reads `a[b][0]=c` into branches, as Stripe's clients write them; a list is a branch whose names are numbers, and
 * `a[]=x` appends. *errors* `parameter_invalid` when a name is both a value and a branch, or for a zero byte.
 */
export function parseForm(encoded: string): Form {
  const form = emptyForm();
  for (const [path, value] of new URLSearchParams(encoded)) {
    // PostgreSQL could keep it but not search it any more.
    if (`${path}${value}`.includes('\0')) throw invalid(path, `Invalid string: ${path} contains a zero byte`);
    put(form, splitPath(path), value, path);
  }
  return form;
}

/** A form that says nothing. */
export function emptyForm(): Form {
  return Object.create(null);
}

function splitPath(path: string): string[] {
  const [head = '', ...rest] = path.split('[');
  return [head, ...rest.map((part) => part.replace(/\]$/, ''))];
}

function put(form: Form, names: string[], value: string, path: string): void {
  let branch = form;
  names.forEach((name, depth) => {
    const key = name === '' ? String(Object.keys(branch).length) : name;
    const there = branch[key];
    if (depth === names.length - 1) {
      if (typeof there === 'object') throw invalid(path, `Invalid parameter: ${path}`);
      branch[key] = value;
      return;
    }
    if (typeof there === 'string') throw invalid(path, `Invalid parameter: ${path}`);
    branch = branch[key] = there ?? emptyForm();
  });
}
