import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

/** A link short enough to dictate. */
@ApiExcludeController()
@Controller('r')
export class ShortLinkController {
  /** On to the sign-in page with the code; what a campaign added to the link goes along. */
  @Get(':code')
  redirectToLogin(
    @Param('code') code: string,
    @Query() query: Record<string, unknown>,
    @Res() reply: FastifyReply,
  ): void {
    const given = Object.entries(query).filter(
      (pair): pair is [string, string] => typeof pair[1] === 'string',
    );
    const parameters = new URLSearchParams([...given.filter(([name]) => name !== 'ref'), ['ref', code]]);
    void reply.redirect(`/login?${parameters.toString()}`, 302);
  }
}
