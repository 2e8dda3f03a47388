import { Injectable } from '@nestjs/common';
import { AuthExport } from '../auth/index.js';
import { BillingExport } from '../billing/index.js';
import { CreditStatements } from '../credit/index.js';
import { ReferralExport } from '../referral/index.js';
import { OwnTrail } from './own-trail.js';

type Section = readonly [name: string, content: unknown];

/** Gathers all that is stored about somebody, a part at a time, so that the whole never has to fit into memory. */
@Injectable()
export class AccountExport {
  constructor(
    private readonly auth: AuthExport,
    private readonly billing: BillingExport,
    private readonly credit: CreditStatements,
    private readonly referrals: ReferralExport,
    private readonly own: OwnTrail,
  ) {}

  /** Everything as one JSON document in pieces: what each module keeps, and the same for every account merged into this one. */
  async *json(userId: string): AsyncGenerator<string> {
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
    for await (const line of this.own.lines(userId)) {
      yield `${separator}\n${JSON.stringify(line)}`;
      separator = ',';
    }
    yield '\n],"mergedAccounts":[';
    separator = '';
    for (const accountId of await this.own.mergedAccounts(userId)) {
      yield `${separator}\n`;
      yield* this.document(accountId);
      separator = ',';
    }
    yield ']\n}';
  }

  private async *sections(userId: string): AsyncGenerator<Section> {
    yield* Object.entries(await this.auth.of(userId));
    yield ['referral', await this.referrals.of(userId)];
    yield ['credit', await this.credit.of(userId)];
    yield ['billing', await this.billing.of(userId)];
    yield* Object.entries(await this.own.kept(userId));
  }
}
