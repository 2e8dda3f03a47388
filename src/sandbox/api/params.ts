import type Stripe from 'stripe';
import { ApiError, invalidParamError, missingParamError } from './errors.js';

/**
 * The parameters of a request. Each reader takes a parameter by name and marks it as known;
 * `rejectUnread` then refuses all others, so a misspelt or unsupported one never passes unnoticed.
 */
export class Params {
  private readonly readNames = new Set<string>();
  private readonly children: Params[] = [];

  constructor(
    private readonly form: Form,
    private readonly path = '',
  ) {}

  /** Text, or undefined when absent; an empty value is the caller's wish to clear the field. */
  text(name: string): string | undefined {
    const value = this.read(name);
    if (typeof value === 'object')
      throw invalidParamError(this.fullName(name), `Invalid string: ${this.fullName(name)}`);
    return value;
  }

  /** Text that must be there. *errors* `parameter_missing` */
  required(name: string): string {
    const value = this.text(name);
    if (value === undefined || value === '') throw missingParamError(this.fullName(name));
    return value;
  }

  /** A whole number, or undefined when absent. */
  integer(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!/^-?\d{1,15}$/.test(value))
      throw invalidParamError(this.fullName(name), `Invalid integer: ${value}`, 'parameter_invalid_integer');
    return Number(value);
  }

  /** True or false, or undefined when absent. */
  flag(name: string): boolean | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (value !== 'true' && value !== 'false')
      throw invalidParamError(this.fullName(name), `Invalid boolean: ${value}`);
    return value === 'true';
  }

  /** One of the words given, or undefined when absent. */
  oneOf<T extends string>(name: string, ...values: T[]): T | undefined {
    const value = this.text(name);
    const word = values.find((candidate) => candidate === value);
    if (value !== undefined && word === undefined)
      throw invalidParamError(
        this.fullName(name),
        `Invalid ${this.fullName(name)}: must be one of ${values.join(', ')}`,
      );
    return word;
  }

  /** A web address with http or https, or undefined when absent. *errors* `url_invalid` */
  url(name: string): string | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!/^https?:\/\//i.test(value) || !URL.canParse(value))
      throw invalidParamError(this.fullName(name), 'Not a valid URL', 'url_invalid');
    return value;
  }

  /**
   * Takes parameters that change nothing here: what Stripe would only show, or pass on to a bank.
   */
  ignore(...names: string[]): void {
    for (const name of names) this.read(name);
  }

  /** The parameters inside another; empty when absent. */
  child(name: string): Params {
    const value = this.read(name);
    if (typeof value === 'string' && value !== '')
      throw invalidParamError(this.fullName(name), `Invalid object: ${this.fullName(name)}`);
    const child = new Params(typeof value === 'object' ? value : emptyForm(), this.fullName(name));
    this.children.push(child);
    return child;
  }

  /** The entries of a list of objects, in order. */
  objectList(name: string): Params[] {
    const value = this.read(name);
    if (typeof value === 'string')
      throw invalidParamError(this.fullName(name), `Invalid array: ${this.fullName(name)}`);
    const list = new Params(value ?? emptyForm(), this.fullName(name));
    this.children.push(list);
    return Object.keys(value ?? {}).map((index) => list.child(index));
  }

  /** The entries of a list of texts, in order. */
  textList(name: string): string[] {
    const value = this.read(name);
    if (typeof value === 'string')
      throw invalidParamError(this.fullName(name), `Invalid array: ${this.fullName(name)}`);
    return Object.values(value ?? {}).filter((entry) => typeof entry === 'string');
  }

  /**
   * Metadata over what was there: an empty value removes its key, an empty `metadata` removes all.
   */
  metadata(before: Stripe.Metadata = {}): Stripe.Metadata {
    const value = this.read('metadata');
    if (value === undefined) return before;
    if (value === '') return {};
    const after = new Map(Object.entries(before));
    for (const [key, entry] of Object.entries(value)) {
      if (typeof entry !== 'string')
        throw invalidParamError(`metadata[${key}]`, 'Metadata values must be strings');
      if (entry === '') after.delete(key);
      else after.set(key, entry);
    }
    return Object.fromEntries(after);
  }

  /**
   * Refuses every parameter, also of those inside, that was not read. *errors* `parameter_unknown`
   */
  rejectUnread(): void {
    const unknown = Object.keys(this.form).find((name) => !this.readNames.has(name));
    if (unknown === undefined) return this.children.forEach((child) => child.rejectUnread());
    const name = this.fullName(unknown);
    throw new ApiError(
      400,
      'invalid_request_error',
      `Received unknown parameter: ${name} (not known to this sandbox)`,
      'parameter_unknown',
      name,
    );
  }

  /** Whether a parameter was sent, and with parameters inside it. */
  isNested(name: string): boolean {
    return typeof this.form[name] === 'object';
  }

  private read(name: string): string | Form | undefined {
    this.readNames.add(name);
    return this.form[name];
  }

  private fullName(name: string): string {
    return this.path === '' ? name : `${this.path}[${name}]`;
  }
}

/** What a form says: values and branches by name. Without a prototype, so no name can reach one. */
export interface Form {
  [name: string]: string | Form;
}

/**
 * Reads `a[b][0]=c` into branches, as Stripe's clients write them; a list is a branch whose names
 * are numbers, and `a[]=x` appends. *errors* `parameter_invalid` when a name is both a value and a
 * branch, or for a zero byte.
 */
export function parseForm(encoded: string): Form {
  const form = emptyForm();
  for (const [path, value] of new URLSearchParams(encoded)) {
    // PostgreSQL could keep it but not search it any more.
    if (`${path}${value}`.includes('\0'))
      throw invalidParamError(path, `Invalid string: ${path} contains a zero byte`);
    setField(form, splitPath(path), value, path);
  }
  return form;
}

/** A form that says nothing. */
export function emptyForm(): Form {
  return Object.create(null) as Form;
}

function splitPath(path: string): string[] {
  const [head = '', ...rest] = path.split('[');
  return [head, ...rest.map((part) => part.replace(/\]$/, ''))];
}

function setField(form: Form, names: string[], value: string, path: string): void {
  let branch = form;
  names.forEach((name, depth) => {
    const key = name === '' ? String(Object.keys(branch).length) : name;
    const there = branch[key];
    if (depth === names.length - 1) {
      if (typeof there === 'object') throw invalidParamError(path, `Invalid parameter: ${path}`);
      branch[key] = value;
      return;
    }
    if (typeof there === 'string') throw invalidParamError(path, `Invalid parameter: ${path}`);
    branch = branch[key] = there ?? emptyForm();
  });
}
