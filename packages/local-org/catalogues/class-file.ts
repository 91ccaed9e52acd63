/** The parts of a Java class file (JVM specification, chapter 4) that a type catalogue needs. */

export const PUBLIC = 0x0001;
export const STATIC = 0x0008;
export const INTERFACE = 0x0200;
export const ABSTRACT = 0x0400;
export const SYNTHETIC = 0x1000;
export const ENUM = 0x4000;

export interface Member {
  flags: number;
  name: string;
  /** The generic signature where there is one, the erased descriptor otherwise. */
  signature: string;
}

export interface ClassFile {
  flags: number;
  name: string;
  superName?: string;
  interfaces: string[];
  /** Generic signature of the class. */
  signature?: string;
  fields: Member[];
  methods: Member[];
}

type Constant = string | number | undefined;

/** Sizes of the constant pool's entries without their tag; absent: has its own treatment. */
const CONSTANT_SIZE: Record<number, number> = {
  3: 4,
  4: 4,
  5: 8,
  6: 8,
  9: 4,
  10: 4,
  11: 4,
  12: 4,
  15: 3,
  16: 2,
  17: 4,
  18: 4,
};
/** After the magic number and the versions. */
const POOL_AT = 8;
const UTF8 = 1;
const CLASS = 7;
const STRING = 8;
const LONG = 5;
const DOUBLE = 6;

/** The constants, by index, and where what follows them begins. The pool begins at `from`. */
const readPool = (bytes: Buffer, from: number): { pool: Constant[]; end: number } => {
  const pool: Constant[] = [];
  let at = from;
  const u2 = (): number => bytes.readUInt16BE((at += 2) - 2);
  const size = u2();
  for (let index = 1; index < size; index++) {
    const tag = bytes.readUInt8(at++);
    if (tag === UTF8) {
      const length = u2();
      pool[index] = bytes.toString('utf8', at, at + length);
      at += length;
    } else if (tag === CLASS || tag === STRING || tag === 19 || tag === 20) {
      pool[index] = u2();
    } else {
      const skip = CONSTANT_SIZE[tag];
      if (skip === undefined) throw new Error(`Unknown constant pool tag ${tag}`);
      at += skip;
      if (tag === LONG || tag === DOUBLE) index++;
    }
  }
  return { pool, end: at };
};

export function parseClassFile(bytes: Buffer): ClassFile {
  const { pool, end } = readPool(bytes, POOL_AT);
  let at = end;
  const u2 = (): number => bytes.readUInt16BE((at += 2) - 2);
  const u4 = (): number => bytes.readUInt32BE((at += 4) - 4);
  const text = (index: number): string => pool[index] as string;
  const className = (index: number): string => text(pool[index] as number);

  const signatureAttribute = (): string | undefined => {
    let signature: string | undefined;
    for (let left = u2(); left > 0; left--) {
      const attribute = text(u2());
      const length = u4();
      if (attribute === 'Signature') signature = text(bytes.readUInt16BE(at));
      at += length;
    }
    return signature;
  };
  const members = (): Member[] => {
    const list: Member[] = [];
    for (let left = u2(); left > 0; left--) {
      const flags = u2();
      const name = text(u2());
      const descriptor = text(u2());
      list.push({ flags, name, signature: signatureAttribute() ?? descriptor });
    }
    return list;
  };

  const flags = u2();
  const name = className(u2());
  const superIndex = u2();
  const interfaces: string[] = [];
  for (let left = u2(); left > 0; left--) interfaces.push(className(u2()));
  const fields = members();
  const methods = members();
  const signature = signatureAttribute();
  return {
    flags,
    name,
    interfaces,
    fields,
    methods,
    ...(superIndex === 0 ? {} : { superName: className(superIndex) }),
    ...(signature === undefined ? {} : { signature }),
  };
}
