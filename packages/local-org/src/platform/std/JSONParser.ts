/** System.JSONParser. */
import type { Apex, NativeFunction, Runtime, StdFactory } from '../types.ts';
import { type ApexException, apexException, type ApexType, NativeObject } from '../values/index.ts';
import { Deserializer } from './json/deserialize.ts';
import { type Token, Tokenizer } from './json/tokens.ts';
import { readNode, type Node } from './json/tree.ts';
import { present } from './shared/arguments.ts';
import { enumConstant } from './shared/enum.ts';

export class JsonParserObject extends NativeObject {
  readonly tokens: Tokenizer;
  current: Token | null = null;
  lastCleared: Token | null = null;
  /** Names of the fields that are being read, outermost first; null for arrays and the top. */
  readonly names: (string | null)[] = [null];

  constructor(text: string) {
    super('JSONParser');
    this.tokens = new Tokenizer(text);
  }

  advance(): Token | null {
    const token = this.tokens.next();
    if (token?.kind === 'FIELD_NAME') this.names[this.names.length - 1] = token.text;
    if (token?.kind === 'START_OBJECT' || token?.kind === 'START_ARRAY') this.names.push(null);
    if (token?.kind === 'END_OBJECT' || token?.kind === 'END_ARRAY') this.names.pop();
    this.current = token;
    return token;
  }

  /** The name the current token belongs to: an opening brace to the field it is the value of. */
  name(): string | null {
    const opens = this.current?.kind === 'START_OBJECT' || this.current?.kind === 'START_ARRAY';
    return this.names.at(opens ? -2 : -1) ?? null;
  }
}

const wrong = (self: JsonParserObject, wanted: string): ApexException =>
  apexException('JSONException', `Current token (${self.current?.kind ?? 'null'}) not ${wanted}`);

/** Reads the value that begins at the current token; a field name stands for the value after it. */
const readValue = ($: Runtime, self: JsonParserObject, type: ApexType | null, strict: boolean): Apex => {
  const first = self.current === null || self.current.kind === 'FIELD_NAME' ? self.advance() : self.current;
  if (first === null) throw apexException('JSONException', 'No content to map to Object due to end of input');
  const depth = self.names.length;
  const node: Node = readNode(self.tokens, first);
  if (node.kind !== 'scalar') {
    self.names.length = depth - 1;
    self.current = {
      kind: node.kind === 'object' ? 'END_OBJECT' : 'END_ARRAY',
      text: node.kind === 'object' ? '}' : ']',
      at: first.at,
    };
  }
  return new Deserializer($, self.tokens, { strict }).read(node, present(type).ref);
};

const scalar =
  ($: Runtime, type: string, kinds: readonly string[], description: string): NativeFunction =>
  (self: JsonParserObject) => {
    if (self.current === null || !kinds.includes(self.current.kind)) throw wrong(self, description);
    return new Deserializer($, self.tokens, { strict: false }).read({ kind: 'scalar', token: self.current }, type);
  };

/** A fraction read as a whole number loses it. */
const truncated =
  ($: Runtime, type: 'Integer' | 'Long'): NativeFunction =>
  (self: JsonParserObject) => {
    const read = scalar($, type, NUMBER, 'numeric');
    if (self.current?.kind !== 'VALUE_NUMBER_FLOAT') return read(self);
    const whole: Token = {
      ...self.current,
      kind: 'VALUE_NUMBER_INT',
      text: String(Math.trunc(Number(self.current.text))),
    };
    return new Deserializer($, self.tokens, { strict: false }).read({ kind: 'scalar', token: whole }, type);
  };

const NUMBER = ['VALUE_NUMBER_INT', 'VALUE_NUMBER_FLOAT'];
const STRING = ['VALUE_STRING'];

const skipChildren = (self: JsonParserObject): void => {
  if (self.current?.kind !== 'START_OBJECT' && self.current?.kind !== 'START_ARRAY') return;
  const depth = self.names.length - 1;
  while (self.names.length > depth) self.advance();
};

const factory: StdFactory = ($) => {
  const constant = (token: Token | null): Apex =>
    token === null ? null : enumConstant($.std, 'JSONToken', token.kind);
  return {
    name: 'JSONParser',
    m: {
      nexttoken: (self: JsonParserObject) => constant(self.advance()),
      nextvalue: (self: JsonParserObject) => {
        const token = self.advance();
        return constant(token?.kind === 'FIELD_NAME' ? self.advance() : token);
      },
      getcurrenttoken: (self: JsonParserObject) => constant(self.current),
      getlastclearedtoken: (self: JsonParserObject) => constant(self.lastCleared),
      hascurrenttoken: (self: JsonParserObject) => self.current !== null,
      clearcurrenttoken: (self: JsonParserObject) => {
        self.lastCleared = self.current;
        self.current = null;
      },
      getcurrentname: (self: JsonParserObject) => self.name(),
      gettext: (self: JsonParserObject) => self.current?.text ?? null,
      skipchildren: skipChildren,
      getbooleanvalue: scalar($, 'Boolean', ['VALUE_TRUE', 'VALUE_FALSE'], 'of boolean type'),
      getidvalue: scalar($, 'Id', STRING, 'of string type'),
      getblobvalue: scalar($, 'Blob', STRING, 'of string type'),
      getdatevalue: scalar($, 'Date', STRING, 'of string type'),
      getdatetimevalue: scalar($, 'Datetime', STRING, 'of string type'),
      gettimevalue: scalar($, 'Time', STRING, 'of string type'),
      getintegervalue: truncated($, 'Integer'),
      getlongvalue: truncated($, 'Long'),
      getdecimalvalue: scalar($, 'Decimal', NUMBER, 'numeric'),
      getdoublevalue: scalar($, 'Double', NUMBER, 'numeric'),
      readvalueas: (self: JsonParserObject, type: ApexType | null) => readValue($, self, type, false),
      readvalueasstrict: (self: JsonParserObject, type: ApexType | null) => readValue($, self, type, true),
    },
  };
};

export default factory;
