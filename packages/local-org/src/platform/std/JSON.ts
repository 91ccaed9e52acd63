/** System.JSON. */
import type { Apex, Runtime, StdFactory } from '../types.ts';
import type { ApexType } from '../values/index.ts';
import { JsonGeneratorObject } from './JSONGenerator.ts';
import { JsonParserObject } from './JSONParser.ts';
import { Deserializer } from './json/deserialize.ts';
import { serialize } from './json/serialize.ts';
import { Tokenizer } from './json/tokens.ts';
import { readTree } from './json/tree.ts';
import { untypedValue } from './json/untyped.ts';
import { JsonWriter } from './json/writer.ts';
import { present } from './shared/arguments.ts';

const textOf = (value: Apex, pretty: boolean, skipNulls: boolean): string => {
  const writer = new JsonWriter(pretty);
  serialize(writer, value, skipNulls);
  return writer.text;
};

const deserialize = ($: Runtime, text: string | null, type: ApexType | null, strict: boolean): Apex => {
  const tokens = new Tokenizer(present(text));
  return new Deserializer($, tokens, { strict }).read(readTree(tokens), present(type).ref);
};

const factory: StdFactory = ($) => ({
  name: 'JSON',
  s: {
    serialize: (value: Apex, skipNulls = false) => textOf(value, false, skipNulls),
    serializepretty: (value: Apex, skipNulls = false) => textOf(value, true, skipNulls),
    deserialize: (text: string | null, type: ApexType | null) => deserialize($, text, type, false),
    deserializestrict: (text: string | null, type: ApexType | null) => deserialize($, text, type, true),
    deserializeuntyped: (text: string | null) => untypedValue(readTree(new Tokenizer(present(text)))),
    creategenerator: (pretty: boolean | null) => new JsonGeneratorObject(present(pretty)),
    createparser: (text: string | null) => new JsonParserObject(present(text)),
  },
});

export default factory;
