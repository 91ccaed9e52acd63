/** What a server says, [MS-TDS] 2.2.7. */

const UCS2 = 'utf16le';

export const short = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
};

export const long = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
};

/** A text with its count of characters in one byte. */
export const named = (text: string): Buffer => Buffer.concat([Buffer.from([text.length]), Buffer.from(text, UCS2)]);

const token = (type: number, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([type]), short(body.length), body]);
};

/** No encryption, no session of several results (2.2.6.5). */
export const preloginAnswer = (): Buffer => {
  const version = Buffer.from([16, 0, 0x10, 0, 0, 0]);
  const options: [number, Buffer][] = [
    [0, version],
    [1, Buffer.from([2])],
    [2, Buffer.from([0])],
    [4, Buffer.from([0])],
  ];
  let offset = options.length * 5 + 1;
  const heads = options.map(([type, data]) => {
    const head = Buffer.from([type, offset >> 8, offset & 0xff, 0, data.length]);
    offset += data.length;
    return head;
  });
  return Buffer.concat([...heads, Buffer.from([0xff]), ...options.map(([, data]) => data)]);
};

const LOGIN_ACKNOWLEDGED = 0xad;
const ENVIRONMENT = 0xe3;
const ERROR = 0xaa;
const INFO = 0xab;
const DONE = 0xfd;

/** TDS 7.4. */
export const loginAnswer = (database: string): Buffer =>
  Buffer.concat([
    token(ENVIRONMENT, Buffer.from([1]), named(database), named('')),
    token(
      LOGIN_ACKNOWLEDGED,
      Buffer.from([1]),
      Buffer.from([0x74, 0, 0, 4]),
      named('TDS front'),
      Buffer.from([16, 0, 0, 0]),
    ),
  ]);

/** `number`: of SQL Server. */
export interface Told {
  number: number;
  message: string;
}

const told = (type: number, severity: number, { number, message }: Told): Buffer =>
  token(
    type,
    long(number),
    Buffer.from([1, severity]),
    short(message.length),
    Buffer.from(message, UCS2),
    named('front'),
    named(''),
    long(1),
  );

export const errorToken = (what: Told): Buffer => told(ERROR, 16, what);

export const infoToken = (what: Told): Buffer => told(INFO, 0, what);

const doneWith = (status: number, rows = 0): Buffer => {
  const bytes = Buffer.alloc(13);
  bytes[0] = DONE;
  bytes.writeUInt16LE(status, 1);
  bytes.writeBigUInt64LE(BigInt(rows), 5);
  return bytes;
};

/** With the count of rows. */
export const done = (rows: number): Buffer => doneWith(0x10, rows);

export const failed = (): Buffer => doneWith(0x02);

/** The answer to an attention: the client may go on. */
export const attentionSeen = (): Buffer => doneWith(0x20);
