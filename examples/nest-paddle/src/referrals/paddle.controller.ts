import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  BadRequestException,
  Controller,
  Headers,
  HttpCode,
  Inject,
  Post,
  Req,
  type RawBodyRequest,
} from '@nestjs/common';
import type { PaddleEvent } from './paddle-events.js';
import { ReferralsService } from './referrals.service.js';

const toleranceSeconds = 300;

/** Receives the events of Paddle. An error lets Paddle send the event again. */
@Controller('webhooks/paddle')
export class PaddleController {
  constructor(
    @Inject(ReferralsService) private readonly referrals: ReferralsService,
    @Inject('PADDLE_WEBHOOK_SECRET') private readonly secret: string,
  ) {}

  @Post()
  @HttpCode(204)
  async receive(@Req() request: RawBodyRequest<object>, @Headers('paddle-signature') signature = '') {
    const body = request.rawBody?.toString('utf8') ?? '';
    if (!this.isSigned(body, signature)) throw new BadRequestException('The signature is wrong.');
    // … your own work …
    await this.referrals.report(JSON.parse(body) as PaddleEvent);
  }

  private isSigned(body: string, signature: string): boolean {
    const [, at = '', signatures = ''] = /^ts=(\d+)((?:;h1=[0-9a-f]{64}){1,5})$/.exec(signature) ?? [];
    if (Math.abs(Date.now() / 1000 - Number(at)) > toleranceSeconds) return false;
    const expected = createHmac('sha256', this.secret).update(`${at}:${body}`).digest();
    // two of them while the secret is replaced
    const given = signatures.split(';h1=').filter(Boolean);
    return given.some((one) => timingSafeEqual(expected, Buffer.from(one, 'hex')));
  }
}
