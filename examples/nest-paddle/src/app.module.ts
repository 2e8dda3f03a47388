import { Body, Controller, Get, Inject, Module, Param, Post } from '@nestjs/common';
import { ReferralsModule } from './referrals/referrals.module.js';
import { ReferralsService } from './referrals/referrals.service.js';

/** The product's own users: stands for its sign-up and its pages. */
@Controller('users')
export class UsersController {
  constructor(@Inject(ReferralsService) private readonly referrals: ReferralsService) {}

  @Post()
  async signUp(@Body() { id, email, invitedBy }: { id: string; email: string; invitedBy?: string }) {
    const invitation = invitedBy === undefined ? undefined : { code: invitedBy, at: new Date() };
    return this.referrals.savePerson({ id, email, emailVerified: true }, invitation);
  }

  @Get(':id/access')
  access(@Param('id') id: string) {
    return this.referrals.accessOf(id);
  }
}

@Module({ imports: [ReferralsModule], controllers: [UsersController] })
export class AppModule {}
