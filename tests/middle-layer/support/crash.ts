import type { Database, Queryable } from '../../../src/shared/sql/types.ts';
import type { Ports } from '../../../src/flows/cases/carried/flow.ts';

/** Thrown where a process would have ended. */
export class Crash extends Error {
  constructor() {
    super('the process has ended');
  }
}

/**
 * A process that ends at its `at`-th step into the outside world: a statement, a commit, a call to either
 * side, before or after it took effect. Everything after that fails too, for a dead process does nothing.
 */
export class Mortal {
  #left: number;
  /** Steps taken so far. */
  steps = 0;

  constructor(at = Infinity) {
    this.#left = at;
  }

  get dead(): boolean {
    return this.#left <= 0;
  }

  step(): void {
    this.steps += 1;
    this.#left -= 1;
    if (this.#left <= 0) throw new Crash();
  }

  #queryable(db: Queryable): Queryable {
    return {
      query: async (text, parameters) => {
        this.step();
        return db.query(text, parameters);
      },
    };
  }

  db(db: Database): Database {
    return {
      ...this.#queryable(db),
      transaction: async (work) => {
        this.step();
        const result = await db.transaction(async (tx) => {
          const outcome = await work(this.#queryable(tx));
          this.step(); // before the commit
          return outcome;
        });
        this.step(); // after it
        return result;
      },
      script: (text) => db.script(text),
      close: () => db.close(),
    };
  }

  ports = (ports: Ports): Ports => {
    const mortal = <T extends object>(port: T): T =>
      new Proxy(port, {
        get: (target, name) => {
          const member = Reflect.get(target, name, target) as unknown;
          if (typeof member !== 'function') return member;
          const call = (member as (...args: unknown[]) => unknown).bind(target);
          if (name === 'takeCallCount') return call;
          return async (...args: unknown[]) => {
            this.step();
            const result: unknown = await call(...args);
            this.step();
            return result;
          };
        },
      });
    return { salesforce: mortal(ports.salesforce), external: mortal(ports.external) };
  };
}
