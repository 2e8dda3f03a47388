import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { RowLoader } from '../../platform/database/row-loader.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import { violatesConstraint } from '../../platform/database/sqlstate.js';
import { DomainError } from '../../platform/errors.js';
import { Log } from '../../platform/observability/logging/log.js';
import { parseAlias } from './code-aliases.js';
import { maxCodeLength, normaliseCode } from './referral-code.js';
import { ReferralCodesRepository } from './referral-codes.repository.js';

/** Makes a code; replaceable so that a test can force collisions. */
export abstract class CodeGenerator {
  abstract generate(): string;
}

const maxAttempts = 8;

/** Everybody's own code. */
@Injectable()
export class ReferralCodes {
  private readonly codeLoader = new RowLoader((userIds) =>
    this.codes.findByUsers(this.database.lookups, userIds),
  );

  constructor(
    private readonly codes: ReferralCodesRepository,
    private readonly generator: CodeGenerator,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly database: Database,
  ) {}

  /**
   * The code of `userId`, made when there is none. Again, or at once: the first code stays. A code
   * that already belongs to a user is replaced by another, 8 times.
   * Errors: `referral.codes_exhausted` after that; `referral.user_gone` when the user vanished
   * meanwhile.
   */
  async assignIfMissing(tx: Tx, userId: string): Promise<string> {
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const current = await this.findOrInsert(tx, userId, this.generator.generate());
      if (current === null) continue;
      const { code, isNew } = current;
      if (isNew) this.log.infoAfterCommit(tx, 'referral.code_assigned', { userId, code });
      return code;
    }
    throw codesExhausted();
  }

  /**
   * The code of `userId`, made when there is none, in a transaction of its own. Errors: as
   * {@link assignIfMissing}.
   */
  async findOrAssign(userId: string): Promise<string> {
    const known = await this.findCode(userId);
    return known ?? this.database.transaction((tx) => this.assignIfMissing(tx, userId));
  }

  /** The current code of a user, or null. */
  findCode(userId: string): Promise<string | null> {
    return this.codeLoader.load(userId);
  }

  /**
   * Gives each of these users a code who has none. Idempotent. Errors: `referral.codes_exhausted`,
   * as in {@link assignIfMissing}.
   */
  async assignAllMissing(tx: Tx, userIds: readonly string[]): Promise<void> {
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const proposals = [...new Set(userIds)].map((userId) => ({ userId, code: this.generator.generate() }));
      if (proposals.length === 0) return;
      if ((await this.codes.insertMissing(tx, proposals, this.clock.now())) === 0) return;
    }
    throw codesExhausted();
  }

  /**
   * Whose code `text` is: exactly as it was typed, else in any spelling of it, else as one of eight
   * letters that it could be meant for. Else it may be a code of another tool: then the answer is
   * the present code of its owner. Null when no user has it, or it does not work any more.
   */
  async findByText(db: Queryable, text: string): Promise<{ code: string; userId: string } | null> {
    const typed = upperCase(text);
    const meant = normaliseCode(text) ?? typed;
    const working = await this.codes.findWorking(db, { typed, meant, now: this.clock.now() });
    const alias = parseAlias(text);
    return working ?? (alias === null ? null : this.codes.findByAlias(db, alias));
  }

  /**
   * The code that `text` is, in any spelling, also one that does not work any more, and whose it
   * is. Null when no user had it.
   */
  async stored(
    db: Queryable,
    text: string,
  ): Promise<{ code: string; userId: string; isCurrent: boolean } | null> {
    return this.codes.find(db, upperCase(text));
  }

  private async findOrInsert(
    tx: Tx,
    userId: string,
    code: string,
  ): Promise<{ code: string; isNew: boolean } | null> {
    try {
      return await this.codes.findOrInsert(tx, { code, userId, at: this.clock.now() });
    } catch (error) {
      if (violatesConstraint(error, 'code_belongs_to_a_user'))
        throw new DomainError('referral.user_gone', {
          detail: 'This account was deleted in the meantime.',
        });
      throw error;
    }
  }
}

function codesExhausted(): DomainError {
  return new DomainError('referral.codes_exhausted', {
    detail: `No free code in ${maxAttempts} tries: is the code source broken?`,
  });
}

function upperCase(text: string): string {
  return text.trim().toUpperCase().slice(0, maxCodeLength);
}
