/** Bodies of type multipart/form-data (RFC 7578). */
import { apiError } from '../errors.ts';

const LINE = '\r\n';
const END_OF_HEADERS = Buffer.from(`${LINE}${LINE}`);

const malformed = (problem: string): Error => apiError('INVALID_MULTIPART_REQUEST', `The multipart body ${problem}`);

/** The parts by their name. Throws ApiError. */
export const readMultipart = (contentType: string, body: Uint8Array): Map<string, Buffer> => {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (!boundary) throw malformed('has no boundary');
  const bytes = Buffer.concat([Buffer.from(LINE), body]);
  const delimiter = Buffer.from(`${LINE}--${boundary}`);
  const parts = new Map<string, Buffer>();
  let at = bytes.indexOf(delimiter);
  if (at < 0) throw malformed('does not contain its boundary');
  for (;;) {
    const start = at + delimiter.length;
    if (bytes.toString('latin1', start, start + 2) === '--') return parts;
    const next = bytes.indexOf(delimiter, start);
    const content = bytes.indexOf(END_OF_HEADERS, start);
    if (next < 0 || content < 0 || content > next) throw malformed('ends too early');
    const name = /name="([^"]*)"/i.exec(bytes.toString('utf8', start, content))?.[1];
    if (name === undefined) throw malformed('has a part without a name');
    parts.set(name, bytes.subarray(content + END_OF_HEADERS.length, next));
    at = next;
  }
};
