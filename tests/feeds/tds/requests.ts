/** What a client says, [MS-TDS] 2.2.6: the login, batches, and calls of sp_executesql. */

export interface Login {
  user: string;
  password: string;
  database: string;
}

export interface Statement {
  text: string;
  /** By name, without the @. */
  parameters: Record<string, string | null>;
}

const UCS2 = 'utf16le';

/** Each byte has its halves exchanged after an exclusive or with 0xA5 (2.2.6.4). */
const plain = (bytes: Buffer): Buffer =>
  Buffer.from(bytes.map((byte) => ((byte ^ 0xa5) >> 4) | (((byte ^ 0xa5) & 0x0f) << 4)));

export const readLogin = (body: Buffer): Login => {
  const at = (position: number): Buffer => {
    const start = body.readUInt16LE(position);
    return body.subarray(start, start + 2 * body.readUInt16LE(position + 2));
  };
  return {
    user: at(40).toString(UCS2),
    password: plain(at(44)).toString(UCS2),
    database: at(68).toString(UCS2),
  };
};

const afterHeaders = (body: Buffer): Buffer => body.subarray(body.readUInt32LE(0));

export const readBatch = (body: Buffer): Statement => ({
  text: body.length === 0 ? '' : afterHeaders(body).toString(UCS2),
  parameters: {},
});

const BY_ID = 0xffff;
const SP_EXECUTESQL = 10;
const NVARCHAR = 0xe7;
const LONG = 0xffff;
const COLLATION = 5;
const NO_VALUE = 0xffffffffffffffffn;

/** Reads a call from its start to its end. */
class Cursor {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  take(length: number): Buffer {
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  byte(): number {
    return this.take(1)[0]!;
  }

  short(): number {
    return this.take(2).readUInt16LE(0);
  }

  /** A value in parts, each with its length in front (2.2.5.2.3). */
  parts(): Buffer | null {
    if (this.take(8).readBigUInt64LE(0) === NO_VALUE) return null;
    const parts: Buffer[] = [];
    for (;;) {
      const length = this.take(4).readUInt32LE(0);
      if (length === 0) return Buffer.concat(parts);
      parts.push(this.take(length));
    }
  }
}

const readText = (cursor: Cursor, name: string): string | null => {
  const type = cursor.byte();
  if (type !== NVARCHAR)
    throw new Error(`the front reads parameters that are nvarchar; ${name} is 0x${type.toString(16)}`);
  const most = cursor.short();
  cursor.take(COLLATION);
  if (most === LONG) return cursor.parts()?.toString(UCS2) ?? null;
  const length = cursor.short();
  return length === LONG ? null : cursor.take(length).toString(UCS2);
};

const readName = (cursor: Cursor): string => {
  const length = cursor.short();
  if (length !== BY_ID) return cursor.take(2 * length).toString(UCS2);
  const id = cursor.short();
  return id === SP_EXECUTESQL ? 'sp_executesql' : `procedure ${id}`;
};

export const readCall = (body: Buffer): Statement => {
  const cursor = new Cursor(afterHeaders(body));
  const procedure = readName(cursor);
  if (procedure !== 'sp_executesql') throw new Error(`the front calls sp_executesql, not ${procedure}`);
  cursor.take(2);
  const values: { name: string; value: string | null }[] = [];
  while (!cursor.isAtEnd) {
    const name = cursor.take(2 * cursor.byte()).toString(UCS2);
    cursor.byte();
    values.push({ name: name.replace('@', ''), value: readText(cursor, name) });
  }
  // the statement, and the declaration of its parameters
  const [statement, , ...rest] = values;
  return {
    text: statement?.value ?? '',
    parameters: Object.fromEntries(rest.map(({ name, value }) => [name, value])),
  };
};
