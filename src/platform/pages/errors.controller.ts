import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { errorsPage } from './errors-page.js';

/** The page that the `type` of every problem document leads to. */
@ApiExcludeController()
@Controller('api/errors')
export class ErrorsController {
  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  show(): string {
    return errorsPage();
  }
}
