import { Body, Controller, HttpCode, Injectable, Post, type PipeTransform } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { RawBody } from '../platform/http/request-parsing.js';
import { parseJson } from '../platform/http/safe-json.js';
import { invalidRequest } from '../platform/http/validation.js';
import { keyActor, type ApiKeyPrincipal } from '../platform/security/api-key.js';
import { CurrentKey, Scopes } from '../platform/security/auth.decorators.js';
import { PeopleBatch } from './people-batch.js';
import { BatchDto, PutPeopleDto } from './person.dto.js';

const maxItems = 1_000;
const maxBytes = 1_200_000;
const jsonLimits = { values: 60_000, depth: 6 };

/** Reads the items of a batch; each is checked when its turn comes. */
@Injectable()
export class PeopleBatchPipe implements PipeTransform<unknown, unknown[]> {
  transform(raw: unknown): unknown[] {
    const body = Buffer.isBuffer(raw) && raw.length > 0 ? parseJson(raw, jsonLimits) : null;
    const { items, ...others } = isRecord(body) ? body : {};
    const unknown = Object.keys(others);
    if (unknown.length > 0)
      throw invalidRequest(unknown.map((path) => ({ path, message: `property ${path} should not exist` })));
    if (!Array.isArray(items) || items.length === 0 || items.length > maxItems || !items.every(isRecord))
      throw invalidRequest([{ path: 'items', message: `items is a list of 1 to ${maxItems} people` }]);
    return items;
  }
}

/** Many people of another product at once. */
@ApiTags('people')
@Controller('api/v1/people/batch')
export class PeopleBatchController {
  constructor(private readonly batch: PeopleBatch) {}

  /**
   * Saves up to 1,000 people, each in a transaction of its own. Idempotent. One that fails stops no
   * other.
   */
  @Post()
  @HttpCode(200)
  @Scopes('people:write')
  @RawBody(maxBytes)
  @ApiBody({ type: PutPeopleDto })
  putPeople(@CurrentKey() key: ApiKeyPrincipal, @Body(PeopleBatchPipe) items: unknown): Promise<BatchDto> {
    // typed only here: the validation of other bodies keeps off what has no class
    return this.batch.put(items as unknown[], keyActor(key));
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
