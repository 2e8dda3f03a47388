import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Me, SignedIn } from '../platform/http/access.js';
import type { Principal } from '../platform/http/principal.js';
import { CreditStatements, type Statement } from './credit-statement.js';

@ApiTags('credit')
@Controller('api/v1/credit')
@SignedIn()
export class CreditController {
  constructor(private readonly statements: CreditStatements) {}

  /** My credit: until when it reaches, and every line that made it so. */
  @Get()
  show(@Me() me: Principal): Promise<Statement> {
    return this.statements.of(me.userId);
  }
}
