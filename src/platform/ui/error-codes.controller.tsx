import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { errorDetails, errorTable, type ErrorCode } from '../errors.js';
import { Layout } from './layout.js';
import { renderPage } from './render-page.js';

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

const codes = Object.entries(errorTable) as [ErrorCode, { status: number; title: string }][];

/**
 * Every code that a problem document may have, where its `type` leads. For programmers, so in
 * English.
 */
function errorCodesPage(): string {
  return renderPage(
    <Layout title="Errors of the API" viewer={null}>
      <h1>Errors of the API</h1>
      <p>
        Every error is an <code>application/problem+json</code> document (RFC 9457). Its <code>code</code>{' '}
        stays the same in all versions, but its texts may change. Include its <code>requestId</code> when you
        ask for help.
      </p>
      {codes.map(([code, { status, title }]) => (
        <section id={code} key={code}>
          <h2>
            <code>{code}</code>
          </h2>
          <p>
            {status}: {title}. {errorDetails[code]}
          </p>
        </section>
      ))}
    </Layout>,
    'en',
  );
}
