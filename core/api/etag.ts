/** The lists of ETags in conditional headers, as RFC 9110 section 13.1 compares them. */

/** Whether If-None-Match holds the version: there a weak tag is as good as a strong one. */
export function hasVersion(header: string | undefined, etag: string): boolean {
  const tags = listed(header).map((tag) => tag.replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(etag);
}

/** Whether If-Match holds the version: there a weak tag never does. */
export function isVersion(header: string, etag: string): boolean {
  const tags = listed(header);
  return tags.includes('*') || tags.includes(etag);
}

function listed(header = ''): string[] {
  return header.split(',').map((tag) => tag.trim());
}
