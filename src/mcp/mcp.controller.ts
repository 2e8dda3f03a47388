import { Controller, Inject, Logger, Post, Req, Res } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Config, CONFIG } from '../platform/config/config.js';
import { DomainError } from '../platform/errors.js';
import type { ApiKeyPrincipal } from '../platform/security/api-key.js';
import { CurrentKey, Scopes } from '../platform/security/auth.decorators.js';
import { keyCaller, toolScopes } from './caller.js';

/** MCP over HTTP, for the holders of API keys. It keeps no session: any process answers. */
@ApiExcludeController()
@Controller('mcp')
@Scopes(...toolScopes)
export class McpController {
  private readonly log = new Logger('mcp');

  constructor(
    private readonly services: ModuleRef,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Post()
  async answerMessage(
    @CurrentKey() key: ApiKeyPrincipal,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    this.rejectForeignOrigin(request);
    // loaded with the first message: most processes never get one
    const { answerHttp } = await import('./server/answer-http.js');
    const answer = await answerHttp(request, {
      get: (token) => this.services.get(token, { strict: false }),
      caller: keyCaller(key),
      reportFailure: (tool, error) => this.log.error({ msg: 'mcp.tool_failed', tool, err: error }),
    });
    void reply.send(answer);
  }

  /**
   * Against DNS rebinding the origin is compared with the configured address only: the Host of the
   * request would be the attacker's. Errors: `auth.foreign_origin`.
   */
  private rejectForeignOrigin({ headers: { origin } }: FastifyRequest): void {
    const own = new URL(this.config.baseUrl).origin;
    if (origin === undefined || origin === own) return;
    throw new DomainError('auth.foreign_origin', {
      detail: `Send this from a server, without an Origin, or from ${own}.`,
    });
  }
}
