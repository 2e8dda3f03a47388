import { ValidateBy } from 'class-validator';

/** Whether `text` can be stored and shown: PostgreSQL takes no NUL, and half a surrogate pair is no character. */
export function isPlainText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** A field whose text is {@link isPlainText}. */
export function PlainText(): PropertyDecorator {
  return ValidateBy({
    name: 'plainText',
    validator: {
      validate: (value) => typeof value === 'string' && isPlainText(value),
      defaultMessage: (context) => `${context?.property ?? 'text'} holds characters that cannot be stored`,
    },
  });
}
