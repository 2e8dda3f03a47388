/**
 * Whether an If-None-Match field names this entity tag (RFC 9110): a list of tags, each of which a
 * proxy may call weak, or an asterisk for any.
 */
export function hasETag(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}
