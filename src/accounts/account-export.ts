import { Injectable } from '@nestjs/common';
import type { ApiResponseOptions } from '@nestjs/swagger';
import { AuthDataRepository, AuthService } from '../auth/index.js';
import { BillingExport } from '../billing/index.js';
import { CreditStatementService } from '../credit/index.js';
import { NotificationsPersonalData } from '../notifications/index.js';
import { AuditLog, type Actor } from '../platform/audit-log.js';
import { Database } from '../platform/database/database.js';
import { ReferralExport } from '../referral/index.js';
import { PersonalAuditLog } from './personal-data.js';

type Section = readonly [name: string, content: unknown];

/**
 * Gathers all that is stored about a person, a part at a time, so that the whole never has to fit
 * into memory.
 */
@Injectable()
export class AccountExport {
  // eslint-disable-next-line max-params -- one for each module that stores something about people
  constructor(
    private readonly auth: AuthDataRepository,
    private readonly notifications: NotificationsPersonalData,
    private readonly billing: BillingExport,
    private readonly credit: CreditStatementService,
    private readonly referrals: ReferralExport,
    private readonly auditLog: PersonalAuditLog,
  ) {}

  /**
   * Everything as one JSON document in pieces: what each module keeps, and the same for every
   * account merged into this one.
   */
  async *streamJson(userId: string): AsyncGenerator<string> {
    yield* this.document(userId);
    yield '\n';
  }

  private async *document(userId: string): AsyncGenerator<string> {
    let separator = '{';
    for await (const [name, content] of this.sections(userId)) {
      yield `${separator}\n${JSON.stringify(name)}:${JSON.stringify(content)}`;
      separator = ',';
    }
    yield `${separator}\n"audit":[`;
    separator = '';
    for await (const line of this.auditLog.streamEntries(userId)) {
      yield `${separator}\n${JSON.stringify(line)}`;
      separator = ',';
    }
    yield '\n],"mergedAccounts":[';
    separator = '';
    for (const accountId of await this.auditLog.findMergedAccounts(userId)) {
      yield `${separator}\n`;
      yield* this.document(accountId);
      separator = ',';
    }
    yield ']\n}';
  }

  private async *sections(userId: string): AsyncGenerator<Section> {
    const authData = await this.auth.exportUser(userId);
    yield* Object.entries(authData);
    yield* Object.entries(await this.notifications.exportUser(userId, authData.user?.email ?? null));
    yield ['referral', await this.referrals.exportUser(userId)];
    yield ['credit', await this.credit.getForUser(userId)];
    yield ['billing', await this.billing.exportUser(userId)];
    yield* Object.entries(await this.auditLog.exportOtherData(userId));
  }
}

/** Exports that someone else than the user asks for: each is recorded before anything leaves. */
@Injectable()
export class StaffExport {
  constructor(
    private readonly exports: AccountExport,
    private readonly auth: AuthService,
    private readonly auditLog: AuditLog,
    private readonly database: Database,
  ) {}

  /**
   * See {@link AccountExport.streamJson}; of a merged account, the whole person. Errors:
   * `request.not_found`.
   */
  async streamJson(userId: string, actor: Actor): Promise<AsyncGenerator<string>> {
    const currentUserId = await this.database.transaction(async (tx) => {
      const { id: subjectId } = await this.auth.requireActiveUser(tx, userId);
      this.auditLog.record(tx, { action: 'accounts.data_exported', actor, subjectId });
      return subjectId;
    });
    return this.exports.streamJson(currentUserId);
  }
}

/** How the description shows the export of all that is stored about a person. */
export const personalDataAnswer: ApiResponseOptions = {
  description: 'All that is stored about the person, as a file. Every module adds sections of its own.',
  headers: {
    'content-disposition': { description: 'The name of the file.', schema: { type: 'string' } },
  },
  content: {
    'application/json': {
      schema: {
        type: 'object',
        required: ['audit', 'mergedAccounts'],
        additionalProperties: true,
        properties: {
          audit: {
            type: 'array',
            description: 'What was done to the account, newest first.',
            items: { type: 'object', additionalProperties: true },
          },
          mergedAccounts: {
            type: 'array',
            description: 'The same for every account that was merged into this one.',
            items: { type: 'object', additionalProperties: true },
          },
        },
      },
    },
  },
};
