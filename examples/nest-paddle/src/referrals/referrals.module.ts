import { Module } from '@nestjs/common';
import { Twofold } from '@twofold/client';
import { PaddleController } from './paddle.controller.js';
import { ReferralsService } from './referrals.service.js';

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`Set ${name}.`);
  return value;
}

/** Connects the product with Twofold. */
@Module({
  controllers: [PaddleController],
  providers: [
    ReferralsService,
    {
      provide: Twofold,
      useFactory: () =>
        new Twofold({ baseUrl: required('TWOFOLD_URL'), apiKey: required('TWOFOLD_API_KEY') }),
    },
    { provide: 'PADDLE_WEBHOOK_SECRET', useFactory: () => required('PADDLE_WEBHOOK_SECRET') },
  ],
  exports: [ReferralsService],
})
export class ReferralsModule {}
