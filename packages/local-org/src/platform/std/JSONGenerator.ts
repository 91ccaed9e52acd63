/** System.JSONGenerator. */
import type { Apex, NativeFunction, StdFactory } from '../types.ts';
import { apexException, NativeObject } from '../values/index.ts';
import { serialize } from './json/serialize.ts';
import { JsonWriter } from './json/writer.ts';
import { present } from './shared/arguments.ts';

export class JsonGeneratorObject extends NativeObject {
  readonly writer: JsonWriter;
  closed = false;

  constructor(pretty: boolean) {
    super('JSONGenerator');
    this.writer = new JsonWriter(pretty);
  }

  override held(): readonly unknown[] {
    return [this.writer.text];
  }

  /** The writer, unless the generator was closed. */
  open(): JsonWriter {
    if (this.closed) throw apexException('JSONException', 'The generator is closed');
    return this.writer;
  }
}

/** Types with a `writeX` and a `writeXField`; all take what serialize can write. */
const VALUES = ['Blob', 'Boolean', 'Date', 'DateTime', 'Id', 'Number', 'Object', 'String', 'Time'];

const writers: Record<string, NativeFunction> = Object.fromEntries(
  VALUES.flatMap((name): [string, NativeFunction][] => [
    [`write${name}`.toLowerCase(), (self: JsonGeneratorObject, value: Apex) => serialize(self.open(), value)],
    [
      `write${name}field`.toLowerCase(),
      (self: JsonGeneratorObject, field: string | null, value: Apex) => {
        self.open().name(present(field));
        serialize(self.writer, value);
      },
    ],
  ]),
);

const factory: StdFactory = () => ({
  name: 'JSONGenerator',
  m: {
    ...writers,
    writenull: (self: JsonGeneratorObject) => self.open().raw('null'),
    writenullfield: (self: JsonGeneratorObject, field: string | null) => {
      self.open().name(present(field));
      self.writer.raw('null');
    },
    writefieldname: (self: JsonGeneratorObject, field: string | null) => self.open().name(present(field)),
    writestartobject: (self: JsonGeneratorObject) => self.open().start('object'),
    writeendobject: (self: JsonGeneratorObject) => self.open().end('object'),
    writestartarray: (self: JsonGeneratorObject) => self.open().start('array'),
    writeendarray: (self: JsonGeneratorObject) => self.open().end('array'),
    close: (self: JsonGeneratorObject) => void (self.closed = true),
    isclosed: (self: JsonGeneratorObject) => self.closed,
    getasstring: (self: JsonGeneratorObject) => self.writer.text,
  },
});

export default factory;
