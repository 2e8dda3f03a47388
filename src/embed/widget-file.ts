import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

/** The widget's script in one encoding. */
export interface EncodedScript {
  body: Buffer;
  etag: string;
}

/** The widget's script, as it is and compressed. */
export interface WidgetFile {
  plain: EncodedScript;
  gzip: EncodedScript;
}

let widgetFile: WidgetFile | undefined;

/** The bundle that `npm run build` makes of `widget/`; read when it is first asked for. */
export function readWidgetFile(): WidgetFile {
  widgetFile ??= load(readFileSync(new URL('../../dist/embed/v1.js', import.meta.url)));
  return widgetFile;
}

function load(body: Buffer): WidgetFile {
  return { plain: encoded(body), gzip: encoded(gzipSync(body, { level: 9 })) };
}

/** A strong entity tag names the bytes, so each encoding has one of its own. */
function encoded(body: Buffer): EncodedScript {
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` };
}
