/** What a feed program of its own process works with: the org, the program's tables and the source, all in this process. */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import type { HttpRequest } from 'kernel/http.ts';
import type { Queryable, SqlParameter } from '../../src/shared/sql/types.ts';
import { CONFIG, Retail } from '../../tests/feeds/support/retail.ts';
import { peakMemoryOf } from './processes.ts';
import type { Answered, Asked, Done, Task } from './feed-program.ts';

const PROGRAM = fileURLToPath(new URL('feed-program.ts', import.meta.url));
const DAY = 24 * 3_600_000;

/** Milliseconds of processor time of this process. */
export const cpuSince = (before: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
};

interface OpenTransaction {
  tx: Queryable;
  end: PromiseWithResolvers<void>;
  over: Promise<void>;
}

export class FeedWorld {
  readonly retail: Retail;
  readonly database: PGlite;
  /** Processor time in milliseconds of the last task: of the org, and of this process beside it, which is that of both databases. */
  readonly cpuMs = { org: 0, databases: 0 };
  readonly #program: ChildProcess;
  readonly #open = new Map<string, OpenTransaction>();
  #done: PromiseWithResolvers<Done> = Promise.withResolvers<Done>();

  private constructor(retail: Retail, database: PGlite) {
    this.retail = retail;
    this.database = database;
    this.#program = fork(PROGRAM, { serialization: 'advanced' });
    this.#program.on('message', (asked: Asked) => void this.#answer(asked));
    this.#program.on('error', (error) => this.#done.reject(error));
    this.#program.on('exit', (code) =>
      this.#done.reject(new Error(`the feed program ended with ${code}; see its words above`)),
    );
  }

  /** `view`: SQL that makes `accounts_view`. */
  static async open(view: string): Promise<FeedWorld> {
    const database = await PGlite.create();
    await database.exec(view);
    return new FeedWorld(await Retail.open(), database);
  }

  async close(): Promise<void> {
    this.#done.promise.catch(() => {});
    this.#program.kill();
    this.retail.close();
    await this.database.close();
  }

  /** The most memory that the program ever had, in bytes. */
  get peak(): number {
    return peakMemoryOf(String(this.#program.pid));
  }

  /** A day later the program does something. */
  async perform(more: Pick<Task, 'oneByOne'> = {}): Promise<Done> {
    await this.retail.orgClock.advance(DAY);
    this.cpuMs.org = 0;
    const before = process.cpuUsage();
    this.#done = Promise.withResolvers<Done>();
    const task: Task = {
      config: CONFIG,
      company: 'ACME',
      feed: 'accounts',
      accessToken: await this.retail.login(),
      now: this.retail.orgClock.now(),
      ...more,
    };
    this.#program.send({ task });
    const done = await this.#done.promise;
    this.cpuMs.databases = cpuSince(before) - this.cpuMs.org;
    return done;
  }

  async #answer(asked: Asked): Promise<void> {
    if (asked.what === 'done') return this.#done.resolve(asked.given as Done);
    const answered: Answered = await this.#do(asked).then(
      (value) => ({ id: asked.id, value }),
      (error: unknown) => ({ id: asked.id, error: error instanceof Error ? error.message : String(error) }),
    );
    this.#program.send(answered);
  }

  #do(asked: Asked): Promise<unknown> {
    const { db, orgClock } = this.retail;
    const text = asked.given as string;
    const parameters = (asked.parameters ?? []) as SqlParameter[];
    switch (asked.what) {
      case 'view':
        return this.database.query(text, parameters).then(({ rows }) => rows);
      case 'query':
        return (asked.tx === undefined ? db : this.#open.get(asked.tx)!.tx).query(text, parameters);
      case 'begin':
        return this.#begin(text);
      case 'commit':
        return this.#end(text, ({ end }) => end.resolve());
      case 'rollback':
        return this.#end(text, ({ end }) => end.reject(new Error('the program rolls back'))).catch(() => {});
      case 'script':
        return db.script(text);
      case 'salesforce':
        return this.#ofOrg(asked.given as HttpRequest);
      default:
        return orgClock.advance(asked.given as number);
    }
  }

  async #begin(name: string): Promise<void> {
    const begun = Promise.withResolvers<void>();
    const end = Promise.withResolvers<void>();
    const over = this.retail.db.transaction(async (tx) => {
      this.#open.set(name, { tx, end, over });
      begun.resolve();
      await end.promise;
    });
    over.catch(begun.reject);
    await begun.promise;
  }

  async #end(name: string, word: (open: OpenTransaction) => void): Promise<void> {
    const open = this.#open.get(name)!;
    this.#open.delete(name);
    word(open);
    await open.over;
  }

  async #ofOrg(request: HttpRequest): Promise<unknown> {
    const { pathname, search } = new URL(request.url);
    const before = process.cpuUsage();
    const answer = await this.retail.org.handle({
      ...request,
      url: pathname + search,
      headers: { ...request.headers, host: 'org.test' },
    });
    this.cpuMs.org += cpuSince(before);
    return answer;
  }
}
