import type { Transport } from 'kernel/http.ts';
import type { Database, Queryable } from '../shared/sql/types.ts';
import type { StepBound } from './step-bound.ts';

/** What a crash throws: nothing catches it on purpose, so it ends the part's work where it stands. */
export class SimulatedCrash extends Error {
  override name = 'SimulatedCrash';

  constructor() {
    super('the process has ended');
  }
}

/**
 * The life of one process. It passes a step before and after everything that leaves a trace: statements, commits,
 * requests. From the step it dies at, nothing it does reaches anything any more.
 */
export class Life {
  readonly #bound: StepBound | null;
  #steps = 0;
  #dieAt = Number.POSITIVE_INFINITY;

  /** `bound`: of its steps while time stands still; a process that breaks it ends there. */
  constructor(bound: StepBound | null = null) {
    this.#bound = bound;
  }

  get steps(): number {
    return this.#steps;
  }

  get dead(): boolean {
    return this.#steps >= this.#dieAt;
  }

  /** Dies at the n-th step from now (1 = the next). Who is dead stays dead: one that found no database is not started again yet. */
  dieIn(steps: number): void {
    if (!this.dead) this.#dieAt = this.#steps + steps;
  }

  /** It lives on: a death that was drawn and has not come will not come. */
  spare(): void {
    if (!this.dead) this.#dieAt = Number.POSITIVE_INFINITY;
  }

  step(): void {
    if (this.dead) throw new SimulatedCrash();
    this.#steps++;
    this.#bound?.pass();
    if (this.#bound?.broken) this.dieIn(0);
    if (this.dead) throw new SimulatedCrash();
  }
}

/** Waits until the process may do its next step: others may go on first. */
export type Pause = () => Promise<void>;

/**
 * A process's view of its database. A transaction that is open when it dies is rolled back. Within one nobody else goes on, for an
 * embedded database has one connection.
 */
export const mortalDatabase = (inner: Database, life: Life, pause?: Pause): Database => {
  const guard = (queryable: Queryable): Queryable => ({
    query: (text, parameters) => {
      life.step();
      return queryable.query(text, parameters);
    },
  });
  const guarded = guard(inner);
  return {
    async query(text, parameters) {
      if (pause) await pause();
      return guarded.query(text, parameters);
    },
    async transaction(work) {
      if (pause) await pause();
      life.step();
      const result = await inner.transaction(async (tx) => {
        const value = await work(guard(tx));
        // the commit is a step of its own: a crash may come between the last statement and it
        life.step();
        return value;
      });
      // committed, and the process may end before it learns of it
      if (pause) await pause();
      life.step();
      return result;
    },
    async script(text) {
      life.step();
      await inner.script(text);
    },
    close: async () => {},
  };
};

/** A process's view of an object that reaches the outside: each call of a method is a request and its answer. `free`: methods that reach nothing. */
export const mortalPort = <T extends object>(inner: T, life: Life, free: readonly (keyof T)[] = []): T =>
  new Proxy(inner, {
    get: (target, name) => {
      const member = Reflect.get(target, name, target) as unknown;
      if (typeof member !== 'function') return member;
      const call = (member as (...args: unknown[]) => unknown).bind(target);
      if (free.includes(name as keyof T)) return call;
      return async (...args: unknown[]) => {
        life.step();
        const result: unknown = await call(...args);
        life.step();
        return result;
      };
    },
  });

/** A process's view of the network: it may end before a request leaves, and before it has seen the answer. */
export const mortalTransport =
  (inner: Transport, life: Life, pause?: Pause): Transport =>
  async (request) => {
    if (pause) await pause();
    life.step();
    const response = await inner(request);
    if (pause) await pause();
    life.step();
    return response;
  };
