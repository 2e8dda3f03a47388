import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { errorCodesPage } from './error-codes-page.js';

/** The page that the `type` of every problem document leads to. */
@ApiExcludeController()
@Controller('api/errors')
export class ErrorCodesController {
  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  show(): string {
    return errorCodesPage();
  }
}
