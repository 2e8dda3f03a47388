import { invalidRequest } from '../../platform/http/validation.js';
import { processorObjectIdPattern } from '../../platform/processor-ids.js';
import { externalIdPattern } from '../../platform/external-id.js';

/** Reads the fields of a processor’s event. Errors: `request.invalid`, which names the field. */
export class EventFields {
  constructor(
    private readonly fields: Record<string, unknown>,
    private readonly path = '',
  ) {}

  /** The object in a field. */
  object(name: string): EventFields {
    return this.optionalObject(name) ?? this.refuse(name, 'an object');
  }

  /** As {@link object}; null where there is none. */
  optionalObject(name: string): EventFields | null {
    const value = this.fields[name];
    return isRecord(value) ? new EventFields(value, this.pathOf(name)) : null;
  }

  /** The objects of a list; none where there is no list. */
  list(name: string): EventFields[] {
    const value = this.fields[name];
    return Array.isArray(value)
      ? value.filter(isRecord).map((one) => new EventFields(one, this.pathOf(name)))
      : [];
  }

  text(name: string): string {
    return this.optionalText(name) ?? this.refuse(name, 'a text');
  }

  optionalText(name: string): string | null {
    const value = this.fields[name];
    return typeof value === 'string' && value !== '' ? value : null;
  }

  /** An id, which may be sent as a number. */
  id(name: string): string {
    return this.optionalId(name) ?? this.refuse(name, 'an id');
  }

  optionalId(name: string): string | null {
    const value = this.fields[name];
    const id = typeof value === 'number' ? String(value) : value;
    return typeof id === 'string' && processorObjectIdPattern.test(id) ? id : null;
  }

  /** A person of the host, as the host put it into the checkout’s data; null where it did not. */
  externalId(name: string): string | null {
    const id = this.optionalId(name);
    return id !== null && externalIdPattern.test(id) ? id : null;
  }

  time(name: string): Date {
    return this.optionalTime(name) ?? this.refuse(name, 'a time');
  }

  /** Null also for a time before 1970: Paddle says "0001-01-01T00:00:00Z" where there is none. */
  optionalTime(name: string): Date | null {
    const value = this.fields[name];
    const time = new Date(typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? value : Number.NaN);
    return time.getTime() >= 0 ? time : null;
  }

  /** An amount in the smallest unit of its currency, as a number or a text of digits. */
  amount(name: string): number {
    return this.optionalAmount(name) ?? this.refuse(name, 'an amount in the smallest unit');
  }

  optionalAmount(name: string): number | null {
    const value = this.fields[name];
    const amount = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
    return Number.isSafeInteger(amount) && Number(amount) >= 0 ? Number(amount) : null;
  }

  currency(name: string): string {
    const value = this.optionalText(name) ?? '';
    return /^[A-Za-z]{3}$/.test(value) ? value.toLowerCase() : this.refuse(name, 'a currency');
  }

  /** Errors: `request.invalid`, always. */
  refuse(name: string, what: string): never {
    throw invalidRequest([{ path: this.pathOf(name), message: `${this.pathOf(name)} is not ${what}` }]);
  }

  private pathOf(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
