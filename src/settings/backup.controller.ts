import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Post, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Database } from '../platform/database/database.js';
import { DomainError } from '../platform/errors.js';
import { Me, SignedIn } from '../platform/http/access.js';
import type { Principal } from '../platform/http/principal.js';
import { BackupBody } from './backup.dto.js';
import { Backups, type Backup, type Revision } from './backups.js';

@ApiTags('settings')
@Controller('api/v1/settings/backup')
@SignedIn()
export class BackupController {
  constructor(
    private readonly backups: Backups,
    private readonly database: Database,
  ) {}

  /** Saves my client's state. With If-Match, only over that revision. */
  @Put()
  async save(
    @Me() me: Principal,
    @Body() body: BackupBody,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Revision> {
    const expected = revisionIn(ifMatch);
    const saved = await this.database.transaction((tx) =>
      this.backups.save(tx, me.userId, body.data, expected),
    );
    void reply.header('etag', `"${saved.revision}"`);
    return saved;
  }

  /** My client's newest state. */
  @Get()
  async newest(@Me() me: Principal, @Res({ passthrough: true }) reply: FastifyReply): Promise<Backup> {
    const backup = await this.backups.newest(me.userId);
    void reply.header('etag', `"${backup.revision}"`);
    return backup;
  }

  /** Forgets my client's states, all of them. */
  @Delete()
  @HttpCode(204)
  async remove(@Me() me: Principal, @Headers('if-match') ifMatch: string | undefined): Promise<void> {
    const expected = revisionIn(ifMatch);
    await this.database.transaction((tx) => this.backups.remove(tx, me.userId, expected));
  }

  /** The states that are kept, newest first: five at most. */
  @Get('revisions')
  async revisions(@Me() me: Principal): Promise<{ items: Revision[]; nextCursor: null }> {
    return { items: await this.backups.revisions(me.userId), nextCursor: null };
  }

  /** Makes an earlier state the newest, as a new revision. */
  @Post('revisions/:revision/restore')
  async restore(
    @Me() me: Principal,
    @Param('revision') revision: string,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<Revision> {
    if (!/^[1-9]\d{0,8}$/.test(revision)) throw new DomainError('settings.no_backup');
    const expected = revisionIn(ifMatch);
    return this.database.transaction((tx) => this.backups.restore(tx, me.userId, Number(revision), expected));
  }
}

/** The revision that If-Match names; null without the header. What is no revision of ours matches none. */
function revisionIn(ifMatch: string | undefined): number | null {
  if (ifMatch === undefined) return null;
  const found = /^(?:W\/)?"?(\d{1,9})"?$/.exec(ifMatch.trim());
  if (found === null)
    throw new DomainError('settings.backup_stale', { detail: 'If-Match names no revision, like "3".' });
  return Number(found[1]);
}
