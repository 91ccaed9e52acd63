/** System.EncodingUtil. */
import type { StdFactory } from '../types.ts';
import { ApexBlob, apexException } from '../values/index.ts';
import { present } from './shared/arguments.ts';

const bytes = (buffer: Buffer): ApexBlob => new ApexBlob(new Uint8Array(buffer));

const nodeEncoding = (name: string): BufferEncoding => {
  switch (name.toUpperCase()) {
    case 'UTF-8':
      return 'utf8';
    case 'ISO-8859-1':
    case 'US-ASCII':
      return 'latin1';
    case 'UTF-16LE':
      return 'utf16le';
    default:
      throw apexException('IllegalArgumentException', `Unsupported encoding: ${name}`);
  }
};

/** The form encoding: letters, digits and `.*_-` as they are, blanks as `+`. */
const urlEncode = (text: string, encoding: string): string =>
  text.replace(/[^A-Za-z0-9.*_-]/gu, (character) => {
    if (character === ' ') return '+';
    const hex = Buffer.from(character, nodeEncoding(encoding)).toString('hex').toUpperCase();
    return hex.replace(/../g, '%$&');
  });

const urlDecode = (text: string, encoding: string): string => {
  if (/%(?![0-9a-fA-F]{2})/.test(text))
    throw apexException('IllegalArgumentException', 'URLDecoder: Illegal hex characters in escape (%) pattern');
  return text
    .replaceAll('+', ' ')
    .replace(/(?:%[0-9a-fA-F]{2})+/g, (run) =>
      Buffer.from(run.replaceAll('%', ''), 'hex').toString(nodeEncoding(encoding)),
    );
};

const fromHex = (text: string): ApexBlob => {
  if (text.length % 2 === 1 || !/^[0-9a-fA-F]*$/.test(text))
    throw apexException('InvalidParameterValueException', `Invalid hex string: ${text}`);
  return bytes(Buffer.from(text, 'hex'));
};

const factory: StdFactory = () => ({
  name: 'EncodingUtil',
  s: {
    base64decode: (text: string | null) => bytes(Buffer.from(present(text), 'base64')),
    base64encode: (blob: ApexBlob | null) => present(blob).toBase64(),
    convertfromhex: (text: string | null) => fromHex(present(text)),
    converttohex: (blob: ApexBlob | null) => Buffer.from(present(blob).bytes).toString('hex'),
    urldecode: (text: string | null, encoding: string | null) => urlDecode(present(text), present(encoding)),
    urlencode: (text: string | null, encoding: string | null) => urlEncode(present(text), present(encoding)),
  },
});

export default factory;
