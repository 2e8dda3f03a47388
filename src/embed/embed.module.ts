import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/index.js';
import { ReferralModule } from '../referral/index.js';
import { PreviewController } from './preview/preview.controller.js';
import { WidgetController } from './widget.controller.js';

/** What pages of another product load from here, and a preview of it. */
@Module({ imports: [AuthModule, ReferralModule], controllers: [PreviewController, WidgetController] })
export class EmbedModule {}
