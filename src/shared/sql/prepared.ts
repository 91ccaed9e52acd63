/**
 * Statements of an embedded database, parsed once each. PGlite parses a statement at every call, in six messages of which
 * each costs a turn through WebAssembly; here a call is one. Frontend/Backend Protocol, "Extended Query":
 * https://www.postgresql.org/docs/current/protocol-flow.html
 */
import { protocol, type messages, type PGlite } from '@electric-sql/pglite';
import type { SqlParameter } from './types.ts';

const { serialize } = protocol;
/** As many texts as are kept; the parts use far fewer, so more of them means that texts are made up each time. */
const MOST = 500;
/** What PostgreSQL can prepare. */
const KEEPABLE = /^\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH)\b/i;
/** What may change the columns that a statement gives: PostgreSQL makes a new plan by itself, but then refuses to run it. */
export const REDEFINES = /\b(?:CREATE|ALTER|DROP)\s+(?!SEQUENCE\b)/i;

interface Statement {
  name: string;
  /** Types of parameters and columns, by their object ids. */
  parameters: readonly number[];
  columns: readonly { name: string; type: number }[];
}

export class Statements {
  #db: PGlite;
  #known = new Map<string, Statement>();
  #made = 0;

  /** Plans are made for the values at hand each time: one that was made while a table was empty would stay. */
  static async over(db: PGlite): Promise<Statements> {
    await db.exec('SET plan_cache_mode = force_custom_plan');
    return new Statements(db);
  }

  private constructor(db: PGlite) {
    this.#db = db;
  }

  /** Runs a statement in the transaction that is open, if any. Rejects with PostgreSQL's error. */
  run<Row>(text: string, parameters: readonly SqlParameter[]): Promise<Row[]> {
    return this.#db.runExclusive(async () => {
      const statement = this.#known.get(text) ?? (await this.#prepare(text));
      const { name, parameters: types } = statement;
      const values = parameters.map((value, index) => this.#written(value, types[index]!));
      const answers = await this.#send(
        serialize.bind({ statement: name, values }),
        serialize.execute({}),
        serialize.sync(),
      );
      if (!KEEPABLE.test(text)) await this.#forgetAfter(text);
      return answers.flatMap((answer) =>
        answer.name === 'dataRow' ? [this.#read(statement, answer as messages.DataRowMessage) as Row] : [],
      );
    });
  }

  /** To be told of scripts that ran beside. */
  ran(script: string): Promise<void> {
    return this.#db.runExclusive(() => this.#forgetAfter(script));
  }

  async #forgetAfter(text: string): Promise<void> {
    if (REDEFINES.test(text)) await this.#forget();
  }

  async #forget(): Promise<void> {
    if (this.#known.size === 0) return;
    this.#known.clear();
    await this.#send(serialize.query('DEALLOCATE ALL'));
  }

  async #prepare(text: string): Promise<Statement> {
    if (!KEEPABLE.test(text)) return this.#parse('', text);
    if (this.#known.size >= MOST) await this.#forget();
    const statement = await this.#parse(`s${this.#made++}`, text);
    this.#known.set(text, statement);
    return statement;
  }

  /** `name`: '' for a statement that the next one replaces. */
  async #parse(name: string, text: string): Promise<Statement> {
    const answers = await this.#send(
      serialize.parse({ name, text }),
      serialize.describe({ type: 'S', name }),
      serialize.sync(),
    );
    const find = <Found>(kind: string): Found | undefined => answers.find((answer) => answer.name === kind) as Found;
    return {
      name,
      parameters: find<messages.ParameterDescriptionMessage>('parameterDescription')!.dataTypeIDs,
      columns: (find<messages.RowDescriptionMessage>('rowDescription')?.fields ?? []).map((field) => ({
        name: field.name,
        type: field.dataTypeID,
      })),
    };
  }

  #send(...parts: Uint8Array[]): Promise<messages.BackendMessage[]> {
    return this.#db.execProtocolStream(Buffer.concat(parts), { syncToFs: false });
  }

  #written(value: SqlParameter, type: number): string | null {
    if (value === null) return null;
    const serializer = this.#db.serializers[type];
    return serializer ? serializer(value) : String(value);
  }

  #read({ columns }: Statement, { fields }: messages.DataRowMessage): Record<string, unknown> {
    return Object.fromEntries(
      columns.map(({ name, type }, index) => {
        const value = fields[index] ?? null;
        const parser = this.#db.parsers[type];
        return [name, value === null || !parser ? value : parser(value, type)];
      }),
    );
  }
}
