import { Body, Controller, Delete, Get, HttpCode, Param, Put, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AccountErasure } from '../accounts/index.js';
import { Database } from '../platform/database/database.js';
import { Problems } from '../platform/http/openapi/problems.decorator.js';
import { keyActor, type ApiKeyPrincipal } from '../platform/security/api-key.js';
import { CurrentKey, Scopes } from '../platform/security/auth.decorators.js';
import { ExternalIdPipe } from './external-id.pipe.js';
import { PeopleReader } from './people-reader.js';
import { PeopleService } from './people.service.js';
import { PersonDto, PutPersonDto, SavedPersonDto } from './person.dto.js';

/** The people of another product, by its own ids. */
@ApiTags('people')
@Controller('api/v1/people')
export class PeopleController {
  constructor(
    private readonly people: PeopleService,
    private readonly reader: PeopleReader,
    private readonly erasure: AccountErasure,
    private readonly database: Database,
  ) {}

  /**
   * Saves a person, with their customers and who invited them. Idempotent: the same body changes
   * nothing. Sends no sign-in email.
   */
  @Put(':externalId')
  @Scopes('people:write')
  @ApiOkResponse({ type: SavedPersonDto })
  @ApiCreatedResponse({ description: 'The person is new here.', type: SavedPersonDto })
  @Problems('person.email_taken', 'person.email_unverified', 'person.customer_taken')
  async putPerson(
    @CurrentKey() key: ApiKeyPrincipal,
    @Param('externalId', ExternalIdPipe) externalId: string,
    @Body() body: PutPersonDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SavedPersonDto> {
    const { saved, isNew } = await this.database.transaction((tx) =>
      this.people.put(tx, { ...body, externalId }, keyActor(key)),
    );
    void reply.status(isNew ? 201 : 200);
    return saved;
  }

  /** A person. */
  @Get(':externalId')
  @Scopes('people:read')
  getPerson(@Param('externalId', ExternalIdPipe) externalId: string): Promise<PersonDto> {
    return this.reader.getPerson(externalId);
  }

  /** Erases a person, as they could themselves: payments and the credit of others stay. */
  @Delete(':externalId')
  @Scopes('people:write')
  @HttpCode(204)
  @Problems('auth.still_charged', 'accounts.merge_conflict')
  async erasePerson(
    @CurrentKey() key: ApiKeyPrincipal,
    @Param('externalId', ExternalIdPipe) externalId: string,
  ): Promise<void> {
    await this.erasure.erase(await this.reader.requireUserId(externalId), keyActor(key));
  }
}
