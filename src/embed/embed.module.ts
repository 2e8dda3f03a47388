import { Module } from '@nestjs/common';
import { WidgetController } from './widget.controller.js';

/** What pages of another product load from here. */
@Module({ controllers: [WidgetController] })
export class EmbedModule {}
