import { ApiProperty } from '@nestjs/swagger';

/** A field that holds an id of Twofold, in the description of the API. */
export const ApiId = () => ApiProperty({ format: 'uuid' });

/** A field that holds a whole number, in the description of the API. */
export const ApiInteger = () => ApiProperty({ type: 'integer' });

/** Marks a schema that takes any JSON value. */
export const anyValueMark = 'x-any-value';

/** A field that holds any JSON value, in the description of the API. */
export const ApiAnyValue = () => ApiProperty({ type: Object, [anyValueMark]: true } as object);
