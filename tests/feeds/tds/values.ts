/** PostgreSQL's values as those of SQL Server, [MS-TDS] 2.2.5.4 and 2.2.5.5. */
import { named, short } from './tokens.ts';

/** A column as PostgreSQL describes it in a result. */
export interface Field {
  name: string;
  dataTypeID: number;
  dataTypeModifier: number;
}

interface Kind {
  /** TYPE_INFO. */
  info: Buffer;
  /** The bytes behind the length. */
  value(text: string): Buffer;
  /** A length of one byte in front, of two, or the value in parts. */
  length: 1 | 2 | 'parts';
}

const COLLATION = Buffer.from([0x09, 0x04, 0xd0, 0x00, 0x34]);
const UCS2 = 'utf16le';
const DAY_MS = 86_400_000;
/** Dates count from the year 1. */
const FIRST_DAY = Date.UTC(2001, 0, 1) / DAY_MS - 730_485;

const bytes = (...values: number[]): Buffer => Buffer.from(values);

const littleEndian = (value: bigint, length: number): Buffer => {
  const buffer = Buffer.alloc(length);
  for (let at = 0, rest = value; at < length; at++, rest >>= 8n) buffer[at] = Number(rest & 0xffn);
  return buffer;
};

/** Decimal text times ten to the power of `scale`; exact. */
const scaled = (text: string, scale: number): bigint => {
  const [whole, fraction = ''] = text.split('.');
  return BigInt(whole! + fraction.slice(0, scale).padEnd(scale, '0'));
};

const integer = (length: number): Kind => ({
  info: bytes(0x26, length),
  length: 1,
  value: (text) => littleEndian(BigInt.asUintN(8 * length, BigInt(text)), length),
});

const text = (type: number, characters: number): Kind => ({
  info: Buffer.concat([bytes(type), short(2 * characters), COLLATION]),
  length: 2,
  value: (value) => Buffer.from(value, UCS2),
});

const LONG_TEXT: Kind = {
  info: Buffer.concat([bytes(0xe7), short(0xffff), COLLATION]),
  length: 'parts',
  value: (value) => Buffer.from(value, UCS2),
};

const decimal = (precision: number, scale: number): Kind => ({
  info: bytes(0x6a, 17, precision, scale),
  length: 1,
  value: (value) => {
    const number = scaled(value, scale);
    const positive = number >= 0n && !value.startsWith('-');
    return Buffer.concat([bytes(positive ? 1 : 0), littleEndian(number < 0n ? -number : number, 16)]);
  },
});

const MONEY: Kind = {
  info: bytes(0x6e, 8),
  length: 1,
  value: (value) => {
    const number = BigInt.asUintN(64, scaled(value.replace(/[$,]/g, ''), 4));
    // the upper half comes first
    return Buffer.concat([littleEndian(number >> 32n, 4), littleEndian(number, 4)]);
  },
};

const FLOAT = (length: 4 | 8): Kind => ({
  info: bytes(0x6d, length),
  length: 1,
  value: (value) => {
    const buffer = Buffer.alloc(length);
    if (length === 4) buffer.writeFloatLE(Number(value));
    else buffer.writeDoubleLE(Number(value));
    return buffer;
  },
});

const day = (date: string): Buffer => littleEndian(BigInt(Date.parse(`${date}T00:00:00Z`) / DAY_MS - FIRST_DAY), 3);

/** In ten millionths of a second. */
const timeOfDay = (time: string): Buffer => {
  const [hours, minutes, seconds] = time.split(':');
  const whole = BigInt(hours!) * 3600n + BigInt(minutes!) * 60n;
  return littleEndian(whole * 10_000_000n + scaled(seconds!, 7), 5);
};

const moment = (value: string): Buffer => {
  const [date, time] = value.replace(/[+-]\d\d$/, '').split(' ');
  return Buffer.concat([timeOfDay(time!), day(date!)]);
};

const guid = (value: string): Buffer => {
  const hex = Buffer.from(value.replaceAll('-', ''), 'hex');
  hex.subarray(0, 4).reverse();
  hex.subarray(4, 6).reverse();
  hex.subarray(6, 8).reverse();
  return hex;
};

const MAX_CHARACTERS = 4000;
const MODIFIER_HEAD = 4;

const sizedText = (type: number, { dataTypeModifier }: Field): Kind => {
  const characters = dataTypeModifier - MODIFIER_HEAD;
  return characters > 0 && characters <= MAX_CHARACTERS ? text(type, characters) : LONG_TEXT;
};

/** By PostgreSQL's object id of the type (pg_type). */
const KINDS: Record<number, (field: Field) => Kind> = {
  16: () => ({ info: bytes(0x68, 1), length: 1, value: (value) => bytes(value === 't' ? 1 : 0) }),
  20: () => integer(8),
  21: () => integer(2),
  23: () => integer(4),
  19: () => text(0xe7, 128),
  25: () => LONG_TEXT,
  1042: (field) => sizedText(0xef, field),
  1043: (field) => sizedText(0xe7, field),
  700: () => FLOAT(4),
  701: () => FLOAT(8),
  790: () => MONEY,
  1082: () => ({ info: bytes(0x28), length: 1, value: day }),
  1083: () => ({ info: bytes(0x29, 7), length: 1, value: timeOfDay }),
  1114: () => ({ info: bytes(0x2a, 7), length: 1, value: moment }),
  // the session is in UTC
  1184: () => ({ info: bytes(0x2b, 7), length: 1, value: (value) => Buffer.concat([moment(value), bytes(0, 0)]) }),
  1700: ({ dataTypeModifier }) => {
    const size = dataTypeModifier - MODIFIER_HEAD;
    return size > 0 ? decimal((size >> 16) & 0xffff, size & 0x7ff) : decimal(38, 10);
  },
  2950: () => ({ info: bytes(0x24, 16), length: 1, value: guid }),
};

const kindOf = (field: Field): Kind => {
  const kind = KINDS[field.dataTypeID];
  if (!kind) throw new Error(`the front has no type for ${field.name}, PostgreSQL's type ${field.dataTypeID}`);
  return kind(field);
};

/** A server's parts are no longer than its packets; a driver puts longer ones together at great cost. */
const PART = 4_000;

/** A value in parts: its length, the parts, the end. */
const inParts = (value: Buffer): Buffer => {
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(value.length));
  const parts: Buffer[] = [size];
  for (let from = 0; from < value.length; from += PART) {
    const part = value.subarray(from, from + PART);
    parts.push(littleEndian(BigInt(part.length), 4), part);
  }
  return Buffer.concat([...parts, Buffer.alloc(4)]);
};

const written = (kind: Kind, value: string | null): Buffer => {
  if (value === null) {
    if (kind.length === 'parts') return Buffer.alloc(8, 0xff);
    return kind.length === 2 ? short(0xffff) : bytes(0);
  }
  const data = kind.value(value);
  if (kind.length === 'parts') return inParts(data);
  return Buffer.concat([kind.length === 2 ? short(data.length) : bytes(data.length), data]);
};

/** Writes the columns and the rows of one result. */
export class ResultWriter {
  readonly #fields: readonly Field[];
  readonly #kinds: readonly Kind[];

  constructor(fields: readonly Field[]) {
    this.#fields = fields;
    this.#kinds = fields.map(kindOf);
  }

  columns(): Buffer {
    const columns = this.#fields.map(({ name }, at) =>
      Buffer.concat([Buffer.alloc(4), short(1), this.#kinds[at]!.info, named(name)]),
    );
    return Buffer.concat([bytes(0x81), short(this.#fields.length), ...columns]);
  }

  row(values: readonly (string | null)[]): Buffer {
    return Buffer.concat([bytes(0xd1), ...values.map((value, at) => written(this.#kinds[at]!, value))]);
  }
}
