import { PickType } from '@nestjs/swagger';
import { WebhookAnswerDto } from '../../billing/index.js';

/** What came of applying an event again. */
export class ReplayOutcomeDto extends PickType(WebhookAnswerDto, ['outcome', 'detail']) {}
