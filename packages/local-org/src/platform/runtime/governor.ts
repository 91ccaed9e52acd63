import { LimitExceeded } from '../values/index.ts';
import { checkMemory } from './memory.ts';
import { STEPS_PER_TICK, TICKS_PER_CPU_MS, type LimitName, type LimitSet } from './limits.ts';

export { LimitExceeded };

/** What the platform says when a limit is passed; `n` is the count reached. */
const MESSAGES: Record<LimitName, (n: number) => string> = {
  Queries: (n) => `Too many SOQL queries: ${n}`,
  AggregateQueries: (n) => `Too many aggregate queries: ${n}`,
  QueryRows: (n) => `Too many query rows: ${n}`,
  QueryLocatorRows: (n) => `Too many query locator rows: ${n}`,
  SoslQueries: (n) => `Too many SOSL queries: ${n}`,
  DmlStatements: (n) => `Too many DML statements: ${n}`,
  DmlRows: (n) => `Too many DML rows: ${n}`,
  Callouts: (n) => `Too many callouts: ${n}`,
  CpuTime: () => 'Apex CPU time limit exceeded',
  HeapSize: (n) => `Apex heap size too large: ${n}`,
  EmailInvocations: (n) => `Too many Email Invocations: ${n}`,
  FutureCalls: (n) => `Too many future calls: ${n}`,
  QueueableJobs: (n) => `Too many queueable jobs added to the queue: ${n}`,
  PublishImmediateDml: (n) => `Too many immediate publish DML statements: ${n}`,
  Savepoints: (n) => `Too many savepoints: ${n}`,
  SavepointRollbacks: (n) => `Too many savepoint rollbacks: ${n}`,
  MobilePushApexCalls: (n) => `Too many mobile push apex calls: ${n}`,
  AsyncCalls: (n) => `Too many async calls: ${n}`,
  FindSimilarCalls: (n) => `Too many find similar calls: ${n}`,
  RunAs: (n) => `Too many System.runAs() invocations: ${n}`,
};

/** How often the memory is looked at: in between, no program can fill it. */
const TICKS_BETWEEN_CHECKS = 16_384;

/** Counts what one transaction uses and stops it at its limits. */
export class Governor {
  readonly limits: LimitSet;
  readonly #used = new Map<LimitName, number>();
  #ticks = 0;
  readonly #tickLimit: number;
  /** Ticks at which there is something to check. */
  #checkAt = 0;

  constructor(limits: LimitSet) {
    this.limits = limits;
    this.#tickLimit = limits.CpuTime * TICKS_PER_CPU_MS;
  }

  /** Adds `by` to what was used of `name`, or throws LimitExceeded. */
  count(name: LimitName, by = 1): void {
    const used = this.used(name) + by;
    this.#used.set(name, used);
    if (used > this.limits[name]) throw new LimitExceeded(MESSAGES[name](used));
  }

  /** Would `by` more pass the limit? */
  allows(name: LimitName, by = 1): boolean {
    return this.used(name) + by <= this.limits[name];
  }

  used(name: LimitName): number {
    return name === 'CpuTime' ? Math.floor(this.#ticks / TICKS_PER_CPU_MS) : (this.#used.get(name) ?? 0);
  }

  /** One Apex statement's worth of CPU. */
  tick(): void {
    if (++this.#ticks > this.#checkAt) this.#check();
  }

  /** CPU of work that the library does in one go. */
  spend(steps: number): void {
    this.#ticks += Math.ceil(steps / STEPS_PER_TICK);
    if (this.#ticks > this.#checkAt) this.#check();
  }

  #check(): void {
    if (this.#ticks > this.#tickLimit) throw new LimitExceeded(MESSAGES.CpuTime(this.#ticks));
    checkMemory();
    this.#checkAt = Math.min(this.#tickLimit, this.#ticks + TICKS_BETWEEN_CHECKS);
  }
}
