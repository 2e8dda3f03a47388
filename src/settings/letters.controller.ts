import { Body, Controller, Get, Post, Put, Res } from '@nestjs/common';
import { ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsArray, IsIn } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { LetterChoices, optionalLetters, type OptionalLetter } from '../auth/index.js';
import { Database } from '../platform/database/database.js';
import { Me, SignedIn } from '../platform/http/access.js';
import type { Fields } from '../platform/http/form-fields.js';
import type { Principal } from '../platform/http/principal.js';

/** The optional letters that somebody wants. */
export class LetterWishes {
  @ApiProperty({ enum: optionalLetters, isArray: true })
  @IsArray()
  @IsIn(optionalLetters, { each: true })
  wanted: OptionalLetter[];
}

/** What I want to be written about; letters about sign-ins and about credit that comes or goes are always sent. */
@ApiTags('settings')
@Controller()
@SignedIn()
export class LettersController {
  constructor(
    private readonly choices: LetterChoices,
    private readonly database: Database,
  ) {}

  /** The optional letters that I want. */
  @Get('api/v1/me/letters')
  async show(@Me() me: Principal): Promise<LetterWishes> {
    return { wanted: await this.choices.wanted(me.userId) };
  }

  /** Makes these the only optional letters that I get. */
  @Put('api/v1/me/letters')
  async choose(@Me() me: Principal, @Body() { wanted }: LetterWishes): Promise<LetterWishes> {
    await this.database.transaction((tx) => this.choices.choose(tx, me.userId, wanted));
    return this.show(me);
  }

  /** The form of the settings page: a box for each kind. */
  @Post('settings/letters')
  async submit(@Me() me: Principal, @Body() fields: Fields, @Res() reply: FastifyReply): Promise<void> {
    const wanted = optionalLetters.filter((kind) => fields[kind] === 'yes');
    await this.database.transaction((tx) => this.choices.choose(tx, me.userId, wanted));
    void reply.redirect('/settings?saved=letters#letters', 303);
  }
}
