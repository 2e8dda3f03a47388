import { Inject, Injectable, Logger } from '@nestjs/common';
import pLimit, { type LimitFunction } from 'p-limit';
import type { Actor } from '../platform/audit-log.js';
import { type Config, CONFIG } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import { describeProblem, toDomainError } from '../platform/http/problem-document.js';
import { validationPipe } from '../platform/http/validation.js';
import { PeopleService } from './people.service.js';
import { BatchPersonDto, type BatchDto, type BatchOutcomeDto } from './person.dto.js';

/** Saves many people, a few at a time: batches leave connections to everybody else. */
@Injectable()
export class PeopleBatch {
  private readonly validation = validationPipe();
  private readonly limit: LimitFunction;
  private readonly log = new Logger('people');

  constructor(
    private readonly people: PeopleService,
    private readonly database: Database,
    @Inject(CONFIG) config: Config,
  ) {
    this.limit = pLimit(Math.max(1, Math.floor(config.databasePoolMax / 3)));
  }

  /** Saves each person in a transaction of its own, and answers what became of each. */
  async put(items: readonly unknown[], by: Actor): Promise<BatchDto> {
    return { items: await Promise.all(items.map((item) => this.limit(() => this.putOne(item, by)))) };
  }

  private async putOne(item: unknown, by: Actor): Promise<BatchOutcomeDto> {
    try {
      const person = await this.validate(item);
      const { saved, isNew } = await this.database.transaction((tx) => this.people.put(tx, person, by));
      const { externalId } = saved.person;
      return { externalId, result: isNew ? 'created' : 'saved', invitation: saved.invitation, problem: null };
    } catch (thrown) {
      return this.toFailure(item, thrown);
    }
  }

  private validate(item: unknown): Promise<BatchPersonDto> {
    return this.validation.transform(item, {
      type: 'body',
      metatype: BatchPersonDto,
    }) as Promise<BatchPersonDto>;
  }

  private toFailure(item: unknown, thrown: unknown): BatchOutcomeDto {
    const error = toDomainError(thrown);
    if (error.status >= 500)
      this.log.error({
        msg: 'people.batch_item_failed',
        code: error.code,
        err: error.options.cause ?? thrown,
      });
    const { code, title, detail } = describeProblem(error);
    return {
      externalId: externalIdOf(item),
      result: 'failed',
      invitation: 'none',
      problem: { code, title, detail },
    };
  }
}

function externalIdOf(item: unknown): string | null {
  const id = typeof item === 'object' && item !== null && 'externalId' in item ? item.externalId : null;
  return typeof id === 'string' ? id.slice(0, 200) : null;
}
