import type Stripe from 'stripe';
import { ApiError, invalid, missing } from './errors.js';
import { emptyForm, type Form } from './form.js';

/**
 * The parameters of a request. Each reader takes a parameter by name and marks it as known; `finish` then refuses those
 * that nobody asked for, so a misspelt or unsupported one never passes unnoticed.
 */
export class Params {
  private readonly known = new Set<string>();
  private readonly children: Params[] = [];

  constructor(
    private readonly form: Form,
    private readonly path = '',
  ) {}

  /** Text, or undefined when absent; an empty value is the caller's wish to clear the field. */
  text(name: string): string | undefined {
    const value = this.take(name);
    if (typeof value === 'object') throw invalid(this.full(name), `Invalid string: ${this.full(name)}`);
    return value;
  }

  /** Text that must be there. *errors* `parameter_missing` */
  required(name: string): string {
    const value = this.text(name);
    if (value === undefined || value === '') throw missing(this.full(name));
    return value;
  }

  /** A whole number, or undefined when absent. */
  integer(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!/^-?\d{1,15}$/.test(value))
      throw invalid(this.full(name), `Invalid integer: ${value}`, 'parameter_invalid_integer');
    return Number(value);
  }

  /** True or false, or undefined when absent. */
  flag(name: string): boolean | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (value !== 'true' && value !== 'false') throw invalid(this.full(name), `Invalid boolean: ${value}`);
    return value === 'true';
  }

  /** One of the words given, or undefined when absent. */
  oneOf<T extends string>(name: string, ...words: T[]): T | undefined {
    const value = this.text(name);
    const word = words.find((candidate) => candidate === value);
    if (value !== undefined && word === undefined)
      throw invalid(this.full(name), `Invalid ${this.full(name)}: must be one of ${words.join(', ')}`);
    return word;
  }

  /** A web address with http or https, or undefined when absent. *errors* `url_invalid` */
  webAddress(name: string): string | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!/^https?:\/\//i.test(value) || !URL.canParse(value))
      throw invalid(this.full(name), 'Not a valid URL', 'url_invalid');
    return value;
  }

  /** Takes parameters that change nothing here: what Stripe would only show, or pass on to a bank. */
  ignore(...names: string[]): void {
    for (const name of names) this.take(name);
  }

  /** The parameters inside another; empty when absent. */
  inside(name: string): Params {
    const value = this.take(name);
    if (typeof value === 'string' && value !== '')
      throw invalid(this.full(name), `Invalid object: ${this.full(name)}`);
    const child = new Params(typeof value === 'object' ? value : emptyForm(), this.full(name));
    this.children.push(child);
    return child;
  }

  /** The entries of a list of objects, in order. */
  each(name: string): Params[] {
    const value = this.take(name);
    if (typeof value === 'string') throw invalid(this.full(name), `Invalid array: ${this.full(name)}`);
    const list = new Params(value ?? emptyForm(), this.full(name));
    this.children.push(list);
    return Object.keys(value ?? {}).map((index) => list.inside(index));
  }

  /** The entries of a list of texts, in order. */
  texts(name: string): string[] {
    const value = this.take(name);
    if (typeof value === 'string') throw invalid(this.full(name), `Invalid array: ${this.full(name)}`);
    return Object.values(value ?? {}).filter((entry) => typeof entry === 'string');
  }

  /** Metadata over what was there: an empty value removes its key, an empty `metadata` removes all. */
  metadata(before: Stripe.Metadata = {}): Stripe.Metadata {
    const value = this.take('metadata');
    if (value === undefined) return before;
    if (value === '') return {};
    const after = new Map(Object.entries(before));
    for (const [key, entry] of Object.entries(value)) {
      if (typeof entry !== 'string') throw invalid(`metadata[${key}]`, 'Metadata values must be strings');
      if (entry === '') after.delete(key);
      else after.set(key, entry);
    }
    return Object.fromEntries(after);
  }

  /** Refuses every parameter, also of those inside, that was not read. *errors* `parameter_unknown` */
  finish(): void {
    const unknown = Object.keys(this.form).find((name) => !this.known.has(name));
    if (unknown === undefined) return this.children.forEach((child) => child.finish());
    const name = this.full(unknown);
    throw new ApiError(
      400,
      'invalid_request_error',
      `Received unknown parameter: ${name} (not known to this sandbox)`,
      'parameter_unknown',
      name,
    );
  }

  /** Whether a parameter was sent, and with parameters inside it. */
  isBranch(name: string): boolean {
    return typeof this.form[name] === 'object';
  }

  private take(name: string): string | Form | undefined {
    this.known.add(name);
    return this.form[name];
  }

  private full(name: string): string {
    return this.path === '' ? name : `${this.path}[${name}]`;
  }
}
