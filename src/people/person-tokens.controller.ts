import { Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { PersonTokens } from '../auth/index.js';
import { Problems } from '../platform/http/openapi/problems.decorator.js';
import type { ApiKeyPrincipal } from '../platform/security/api-key.js';
import { CurrentKey, Scopes } from '../platform/security/auth.decorators.js';
import { ExternalIdPipe } from './external-id.pipe.js';
import { PeopleReader } from './people-reader.js';
import { PersonTokenDto } from './person.dto.js';

/** Tokens with which another product's front end shows a person their referral. */
@ApiTags('people')
@Controller('api/v1/people/:externalId/tokens')
@Scopes('people:write')
export class PersonTokensController {
  constructor(
    private readonly reader: PeopleReader,
    private readonly tokens: PersonTokens,
  ) {}

  /**
   * Makes a token for the page of one person. It reads and changes their own referral (overview,
   * invites, credit, code) for 15 minutes, from the origins of the key, and ends with the key.
   */
  @Post()
  @Problems('auth.key_without_origins')
  async createPersonToken(
    @CurrentKey() key: ApiKeyPrincipal,
    @Param('externalId', ExternalIdPipe) externalId: string,
  ): Promise<PersonTokenDto> {
    return this.tokens.create(key, await this.reader.requireUserId(externalId));
  }
}
