import { Injectable } from '@nestjs/common';
import { CreditService } from '../../credit/index.js';
import { Invites } from './invites.js';
import { ProgrammeTerms } from '../terms/programme-terms.js';

/** The reads behind an overview, all at once. */
@Injectable()
export class OverviewParts {
  constructor(
    private readonly invites: Invites,
    private readonly terms: ProgrammeTerms,
    private readonly credit: CreditService,
  ) {}

  async of(userId: string) {
    const [summary, offered, until] = await Promise.all([
      this.invites.summary(userId),
      this.terms.offered(),
      this.credit.creditUntil(userId),
    ]);
    return { summary, offered, until };
  }
}
