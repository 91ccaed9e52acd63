/**
 * A small server of TDS 7.4 in front of an embedded PostgreSQL: enough of SQL Server for an unmodified driver that reads views.
 * It has one session of PostgreSQL: while a connection reads rows, the others wait.
 */
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { protocol, type messages, type PGlite } from '@electric-sql/pglite';
import { ATTENTION, Answer, BATCH, LOGIN7, MessageReader, PRELOGIN, RPC, type Message } from './packets.ts';
import { readBatch, readCall, readLogin, type Statement } from './requests.ts';
import {
  attentionSeen,
  done,
  errorToken,
  failed,
  infoToken,
  loginAnswer,
  preloginAnswer,
  type Told,
} from './tokens.ts';
import { isOnlySettings, translate } from './translate.ts';
import { ResultWriter } from './values.ts';

const { serialize } = protocol;

export interface User {
  password: string;
  /** The role of PostgreSQL that the user's statements run as; absent: the owner. */
  role?: string;
}

export interface FrontOptions {
  users: Record<string, User>;
  database: string;
}

/** What a client sees of the catalogue. SQL Server counts bytes of texts, and -1 for those without a bound. */
const CATALOGUE = `
  CREATE SCHEMA IF NOT EXISTS sys;
  GRANT USAGE ON SCHEMA sys TO PUBLIC;
  CREATE OR REPLACE VIEW sys.columns AS
    SELECT a.attrelid::bigint AS object_id, a.attname AS name, a.attnum AS column_id, a.atttypid::int AS system_type_id,
           NOT a.attnotnull AS is_nullable,
           CASE WHEN a.atttypid IN (1042, 1043) AND a.atttypmod > 4 THEN 2 * (a.atttypmod - 4) ELSE -1 END AS max_length,
           CASE WHEN a.atttypmod > 4 THEN ((a.atttypmod - 4) >> 16) & 65535 ELSE 38 END AS precision,
           CASE WHEN a.atttypmod > 4 THEN (a.atttypmod - 4) & 2047 ELSE 10 END AS scale
      FROM pg_catalog.pg_attribute a WHERE a.attnum > 0 AND NOT a.attisdropped;
  GRANT SELECT ON sys.columns TO PUBLIC;
  CREATE OR REPLACE FUNCTION sys.object_id(named text) RETURNS bigint LANGUAGE sql AS $$
    SELECT relation::oid::bigint
      FROM (SELECT to_regclass(regexp_replace(replace(named, '"', '""'), '\\[([^]]*)\\]', '"\\1"', 'g')) AS relation) AS found
     WHERE has_schema_privilege((SELECT relnamespace FROM pg_class WHERE oid = relation), 'USAGE')
       AND has_table_privilege(relation, 'SELECT')$$;
  CREATE OR REPLACE FUNCTION sys.type_name(id int) RETURNS text LANGUAGE sql AS $$
    SELECT CASE id WHEN 16 THEN 'bit' WHEN 20 THEN 'bigint' WHEN 21 THEN 'smallint' WHEN 23 THEN 'int' WHEN 19 THEN 'nvarchar'
      WHEN 25 THEN 'nvarchar' WHEN 1043 THEN 'nvarchar' WHEN 1042 THEN 'nchar' WHEN 700 THEN 'real' WHEN 701 THEN 'float'
      WHEN 790 THEN 'money' WHEN 1082 THEN 'date' WHEN 1083 THEN 'time' WHEN 1114 THEN 'datetime2'
      WHEN 1184 THEN 'datetimeoffset' WHEN 1700 THEN 'decimal' WHEN 2950 THEN 'uniqueidentifier' ELSE 'sql_variant' END$$;
  CREATE OR REPLACE FUNCTION sys.switchoffset(moment timestamptz, zone text) RETURNS timestamptz LANGUAGE sql AS $$ SELECT moment $$;
`;

const ROWS_AT_ONCE = 200;

/** By SQLSTATE. */
const NUMBERS: Record<string, number> = { '42P01': 208, '3F000': 208, '42703': 207, '42501': 229, '22012': 8134 };
const OTHER_ERROR = 50_000;
const NOT_UNDERSTOOD = 102;
const LOGIN_FAILED = 18_456;
const CANNOT_OPEN_DATABASE = 4060;

const toldOf = (error: unknown): Told => {
  const { code, message } = error as { code?: string; message: string };
  return { number: code === undefined ? NOT_UNDERSTOOD : (NUMBERS[code] ?? OTHER_ERROR), message };
};

const isError = (message: messages.BackendMessage): boolean => message.name === 'error';

/** One client. */
class Session {
  readonly #front: TdsFront;
  readonly #socket: Socket;
  readonly #reader = new MessageReader();
  #user: User | null = null;
  #work: Promise<void> = Promise.resolve();
  #isReading = false;
  #stop: () => void = () => {};
  /** Resolves when the client asks to stop, or is gone. */
  #stopped: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(front: TdsFront, socket: Socket) {
    this.#front = front;
    this.#socket = socket;
    socket.on('data', (bytes) => {
      for (const message of this.#reader.add(bytes)) this.#take(message);
    });
    socket.on('error', () => {}).on('close', () => this.#stopNow());
  }

  #stopNow(): void {
    this.#isStopped = true;
    this.#stop();
  }

  #take(message: Message): void {
    if (message.type === ATTENTION && this.#isReading) return this.#stopNow();
    this.#isReading = message.type === BATCH || message.type === RPC;
    this.#isStopped = false;
    this.#stopped = new Promise((resolve) => (this.#stop = resolve));
    this.#work = this.#work.then(() => this.#answer(message)).catch(() => void this.#socket.destroy());
  }

  async #answer(message: Message): Promise<void> {
    const answer = new Answer(this.#socket);
    if (message.type === PRELOGIN) return answer.end(preloginAnswer());
    if (message.type === LOGIN7) return this.#login(message.body, answer);
    // an attention that came after the last row
    if (message.type === ATTENTION) return answer.end(attentionSeen());
    if (message.type !== BATCH && message.type !== RPC) throw new Error(`no message of type ${message.type} is known`);
    try {
      await this.#run(message.type === RPC ? readCall(message.body) : readBatch(message.body), answer);
    } catch (error) {
      await answer.end(errorToken(toldOf(error)), failed());
    }
    this.#isReading = false;
    // with the end of its answer the client is told that what it wanted to stop has ended
    if (this.#isStopped) await new Answer(this.#socket).end(attentionSeen());
  }

  async #login(body: Buffer, answer: Answer): Promise<void> {
    const { user: name, password, database } = readLogin(body);
    const { users, database: served } = this.#front.options;
    const user = Object.hasOwn(users, name) ? users[name]! : null;
    if (user?.password !== password)
      return answer.end(errorToken({ number: LOGIN_FAILED, message: `Login failed for user '${name}'.` }), failed());
    if (database !== served) {
      const message = `Cannot open database "${database}" requested by the login. The login failed.`;
      return answer.end(errorToken({ number: CANNOT_OPEN_DATABASE, message }), failed());
    }
    this.#user = user;
    const changed = infoToken({ number: 5701, message: `Changed database context to '${database}'.` });
    await answer.end(loginAnswer(database), changed, done(0));
  }

  async #run({ text, parameters }: Statement, answer: Answer): Promise<void> {
    if (!this.#user) throw new Error('there was no login');
    if (isOnlySettings(text)) return answer.end(done(0));
    const statement = translate(text);
    const values = statement.parameters.map((name) => parameters[name] ?? null);
    const stalls = this.#front.stallsOn !== null && text.includes(this.#front.stallsOn);
    await this.#front.alone(async () => {
      const { role } = this.#user!;
      try {
        await this.#front.send(
          serialize.query(
            `BEGIN; SET LOCAL TimeZone = 'UTC'; SET LOCAL search_path = dbo, sys; ${role ? `SET LOCAL ROLE ${role}` : ''}`,
          ),
        );
        const declare = `DECLARE rows_of_front NO SCROLL CURSOR FOR ${statement.text}`;
        await this.#front.send(
          serialize.parse({ text: declare }),
          serialize.bind({ values }),
          serialize.execute({}),
          serialize.sync(),
        );
        await this.#copy(answer, stalls);
      } finally {
        await this.#front.send(serialize.query('ROLLBACK'));
      }
    });
  }

  async #copy(answer: Answer, stalls: boolean): Promise<void> {
    let result: ResultWriter | null = null;
    for (let count = 0; ;) {
      const messages = await this.#front.send(serialize.query(`FETCH ${ROWS_AT_ONCE} FROM rows_of_front`));
      if (!result) {
        const { fields } = messages.find(({ name }) => name === 'rowDescription') as messages.RowDescriptionMessage;
        result = new ResultWriter(fields);
        await answer.add(result.columns());
      }
      const rows = messages.filter(({ name }) => name === 'dataRow') as messages.DataRowMessage[];
      for (const { fields } of rows) {
        if (this.#isStopped) break;
        await answer.add(result.row(fields));
        this.#front.rowsSent++;
        count++;
      }
      if (stalls) await this.#stopped;
      // an attention is read from the socket only when this code gives way
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#isStopped || rows.length === 0) return answer.end(done(count));
    }
  }
}

export class TdsFront {
  readonly options: FrontOptions;
  /** Statements that hold this text send rows, and then nothing until the client stops them. */
  stallsOn: string | null = null;
  /** Rows that were sent since the start. */
  rowsSent = 0;
  readonly #db: PGlite;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #work: Promise<void> = Promise.resolve();

  /** Starts on a free port of this machine. The database's views are in schemas; `dbo` is that of names without one. */
  static async start(db: PGlite, options: FrontOptions): Promise<TdsFront> {
    await db.exec(CATALOGUE);
    const front = new TdsFront(db, options);
    await new Promise<void>((resolve) => front.#server.listen(0, '127.0.0.1', resolve));
    return front;
  }

  private constructor(db: PGlite, options: FrontOptions) {
    this.#db = db;
    this.options = options;
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      new Session(this, socket);
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** One at a time. */
  alone(work: () => Promise<void>): Promise<void> {
    const mine = this.#work.then(work);
    this.#work = mine.catch(() => {});
    return mine;
  }

  /** Rejects with the error that PostgreSQL tells. */
  async send(...parts: Uint8Array[]): Promise<messages.BackendMessage[]> {
    const answers = await this.#db.execProtocolStream(Buffer.concat(parts), { syncToFs: false });
    const error = answers.find(isError);
    if (error) throw error as unknown as Error;
    return answers;
  }

  /** As when the network breaks. */
  dropConnections(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.dropConnections();
    await closed;
  }
}
