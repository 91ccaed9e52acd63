/** JSON text, piece by piece, compact or indented as the platform indents. */
import { apexException, checkLength, spend } from '../../values/index.ts';

interface Level {
  kind: 'object' | 'array';
  count: number;
}

/** Indented, objects stand on lines of their own and arrays on one line. */
export class JsonWriter {
  readonly #pretty: boolean;
  readonly #levels: Level[] = [];
  #out = '';
  #named = false;
  #finished = false;

  constructor(pretty: boolean) {
    this.#pretty = pretty;
  }

  get text(): string {
    return this.#out;
  }

  /** Nothing is open any more. */
  get complete(): boolean {
    return this.#levels.length === 0;
  }

  start(kind: Level['kind']): void {
    this.#beforeValue();
    this.#out += kind === 'object' ? '{' : '[';
    this.#levels.push({ kind, count: 0 });
  }

  end(kind: Level['kind']): void {
    const level = this.#levels.at(-1);
    if (level?.kind !== kind || this.#named) throw apexException('JSONException', `Current context not an ${kind}`);
    this.#levels.pop();
    if (this.#pretty) this.#out += kind === 'object' && level.count > 0 ? this.#newLine() : ' ';
    this.#out += kind === 'object' ? '}' : ']';
  }

  name(name: string): void {
    const level = this.#levels.at(-1);
    if (level?.kind !== 'object' || this.#named)
      throw apexException('JSONException', 'Can not write a field name, expecting a value');
    if (level.count++ > 0) this.#out += ',';
    if (this.#pretty) this.#out += this.#newLine();
    this.#out += JSON.stringify(name) + (this.#pretty ? ' : ' : ':');
    this.#named = true;
  }

  /** A scalar as JSON text. */
  raw(text: string): void {
    this.#beforeValue();
    this.#out += text;
  }

  string(text: string): void {
    this.raw(JSON.stringify(text));
  }

  #beforeValue(): void {
    spend(1);
    checkLength(this.#out.length);
    const level = this.#levels.at(-1);
    if (level === undefined) {
      if (this.#finished) throw apexException('JSONException', 'Can not write a value, the JSON content is complete');
      this.#finished = true;
    } else if (level.kind === 'array') {
      if (level.count++ > 0) this.#out += ',';
      if (this.#pretty) this.#out += ' ';
    } else if (!this.#named) throw apexException('JSONException', 'Can not write a value, expecting field name');
    this.#named = false;
  }

  #newLine(): string {
    const depth = this.#levels.filter((level) => level.kind === 'object').length;
    return `\n${'  '.repeat(depth)}`;
  }
}
