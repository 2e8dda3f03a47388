import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { hasETag } from '../platform/http/etag.js';
import { Scopes } from '../platform/security/auth.decorators.js';
import { ExternalIdPipe } from './external-id.pipe.js';
import { etagOf, PeopleReader } from './people-reader.js';
import { AccessQuery, PeopleAccessDto, PersonAccessDto } from './person.dto.js';

const etag = { etag: { $ref: '#/components/headers/ETag' } as object };

/** Whether people of another product may use what is paid for. */
@ApiTags('people')
@Controller('api/v1')
@Scopes('access:read')
export class PeopleAccessController {
  constructor(private readonly reader: PeopleReader) {}

  /** The access of one person; 304 while it is what `If-None-Match` names. */
  @Get('people/:externalId/access')
  @ApiHeader({
    name: 'If-None-Match',
    required: false,
    description: 'The ETag of the answer that you have.',
    schema: { type: 'string' },
  })
  @ApiOkResponse({ type: PersonAccessDto, headers: etag })
  @ApiResponse({ status: 304, description: 'The access is still the same.', headers: etag })
  async getPersonAccess(
    @Param('externalId', ExternalIdPipe) externalId: string,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PersonAccessDto | undefined> {
    const access = await this.reader.getAccess(externalId);
    const current = etagOf(access);
    void reply.header('etag', current);
    if (!hasETag(ifNoneMatch, current)) return access;
    void reply.status(304);
    return undefined;
  }

  /** The access of up to 100 people. */
  @Get('access')
  listPeopleAccess(@Query() { externalId }: AccessQuery): Promise<PeopleAccessDto> {
    return this.reader.listAccess(externalId);
  }
}
