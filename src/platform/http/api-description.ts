import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

/** Serves the OpenAPI 3.1 description at /api/openapi.json, and pages to browse it at /api/docs. */
export function describeApi(app: INestApplication): void {
  const description = new DocumentBuilder()
    .setTitle('Twofold')
    .setDescription(
      'A referral programme whose reward really arrives. Errors are RFC 9457 problem documents with a stable `code`.',
    )
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .addBearerAuth()
    .addCookieAuth('tf_session')
    .build();
  const document = SwaggerModule.createDocument(app, description);
  SwaggerModule.setup('api/docs', app, document, {
    jsonDocumentUrl: 'api/openapi.json',
    customSiteTitle: 'Twofold API',
  });
}
