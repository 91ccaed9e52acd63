/** What must hold of a run when it has ended: the view is the org, or the difference is named. */
import { failedRows, unwrittenRows } from '../../../feeds/db/rows.ts';
import type { Ended } from './calendar.ts';
import type { FeedConfig } from '../../../feeds/config.ts';
import { Violation } from '../../../simulation/process.ts';
import type { World } from '../../../simulation/world.ts';
import type { Books, Seen } from './books.ts';
import { nameOf, type FeedKind } from './config.ts';
import { keyOf, type Judged } from './model.ts';
import { heldOf, type Held } from './org.ts';

const MANY = 10_000;
/** What only a rule says that somebody tries out. */
export const TRIED_OUT = 'FIELD_CUSTOM_VALIDATION_EXCEPTION';

/** One run of one feed by one process, as it is watched. */
export interface Course {
  process: string;
  company: string;
  feed: FeedKind;
  since: number;
  /** Milliseconds of the world's clock. */
  begunAt: number;
  /** Requests that write records of the feed. */
  writes: number;
  isDry: boolean;
  /** Of which records Salesforce said that others hold them: external ids in lower case, and ids. */
  locked: Set<string>;
}

const show = (value: unknown): string => JSON.stringify(value);

/** The rows that a run named, and why. */
interface Named {
  failed: Map<string, string>;
  unwritten: Set<string>;
}

export class Judge {
  readonly #world: World;
  readonly #books: Books;
  readonly #config: FeedConfig;
  /** Runs that wait for a person: what they saw. */
  readonly held = new Map<string, { runKey: string; company: string; feed: FeedKind; seen: Seen }>();

  constructor(world: World, books: Books, config: FeedConfig) {
    this.#world = world;
    this.#books = books;
    this.#config = config;
  }

  async #named(outcome: Ended, feed: FeedKind): Promise<Named> {
    const { db } = this.#world;
    const failed = await failedRows(db, outcome.run!, '', MANY);
    const unwritten = await unwrittenRows(db, outcome.run!, '', MANY);
    return {
      failed: new Map(failed.map(({ external_id: id, problem }) => [keyOf(feed, id), problem.code])),
      unwritten: new Set(unwritten.map(({ external_id: id }) => keyOf(feed, id))),
    };
  }

  /**
   * Judges an outcome. `seen`: what it read, or what the held run that it released had read. Throws Violation.
   */
  async ended(course: Course, outcome: Ended, seen: Seen | null): Promise<void> {
    const { company, feed } = course;
    const name = nameOf(company, feed);
    const where = `the run of ${name} (${outcome.status})`;
    const broken: string[] = [];
    if (['held', 'dry run', 'busy', 'unusable', 'rejected'].includes(outcome.status) && course.writes > 0)
      broken.push(`${where} wrote to Salesforce`);
    if (outcome.status === 'failed' && course.writes > 0)
      broken.push(`${where} wrote although the view could not be read`);
    if (outcome.status === 'failed' && !outcome.reasons.join().startsWith('the view could not be read'))
      broken.push(`${where}: ${outcome.reasons.join()}`);
    if (outcome.status === 'unusable')
      broken.push(`${where}: ${outcome.findings.map(({ message }) => message).join()}`);
    if (outcome.status === 'held' && seen) this.held.set(name, { runKey: outcome.run!.key, company, feed, seen });
    const isFinished = outcome.status === 'succeeded' || outcome.status === 'rows failed';
    if (isFinished && !seen) broken.push(`${where} has read nothing`);
    if (isFinished && seen)
      broken.push(...(await this.#finished(course, outcome, seen)).map((line) => `${where}: ${line}`));
    if (broken.length > 0) throw new Violation(broken.slice(0, 8).join('; '));
    if (isFinished) this.#books.lastWritten.set(name, seen);
    if (isFinished || outcome.status === 'rejected') this.held.delete(name);
  }

  async #finished(course: Course, outcome: Ended, seen: Seen): Promise<string[]> {
    const { snapshot, judged, mustHold } = seen;
    const broken: string[] = [];
    if (!snapshot.isWhole || snapshot.breakage === 'fails') broken.push('it ended well, and the view failed');
    const isReleased = this.held.get(nameOf(course.company, course.feed))?.runKey === outcome.run!.key;
    if (mustHold !== null && !isReleased) broken.push(`it had to be held: ${mustHold}`);
    const held = await heldOf(this.#world, course.feed);
    const named = await this.#named(outcome, course.feed);
    return [
      ...broken,
      ...this.#rows(course, seen, held, named),
      ...this.#vanished(course, outcome, seen, held),
      ...this.#counts(outcome, judged, named),
    ];
  }

  #rows(
    course: Course,
    { judged, since }: Seen,
    held: ReadonlyMap<string, Held>,
    { failed, unwritten }: Named,
  ): string[] {
    const books = this.#books;
    const broken: string[] = [];
    for (const [key, { values, parents }] of judged.good) {
      if (books.touchedSince(key, since)) continue;
      const record = held.get(key);
      const problem = failed.get(key);
      if (problem !== undefined) {
        const isTold = problem === 'DELETED_IN_SALESFORCE' && books.wasTouched(key);
        if (!isTold && problem !== TRIED_OUT && !parents.some((parent) => books.wasTouched(parent)))
          broken.push(`${key} was refused (${problem}), and nothing is wrong with it`);
      } else if (unwritten.has(key)) {
        if (!course.locked.has(key.split(' ')[1]!) && !parents.some((parent) => this.#mayMiss(parent)))
          broken.push(`${key} was not written, and its parents are there`);
      } else if (!record) broken.push(`${key} is not in Salesforce, and nobody says so`);
      else
        for (const [field, value] of Object.entries(values))
          if (
            record.values[field] !== value &&
            !books.restored.has(`${key} ${field}`) &&
            !(record.values[field] === null && parents.some((p) => this.#isUnseen(p)))
          )
            broken.push(`${field} of ${key} is ${show(record.values[field])}, the view says ${show(value)}`);
    }
    for (const [key] of judged.bad)
      if (!failed.has(key)) broken.push(`${key} is ${judged.bad.get(key)}, and nobody says so`);
    for (const [key, problem] of failed)
      if (!judged.good.has(key) && !judged.bad.has(key))
        broken.push(`${key} was refused (${problem}), and no row has it`);
    return broken;
  }

  /** Somebody touched the parent, and the feed of its own has not looked since: that its children lost it shows nowhere else. */
  #isUnseen(parent: string): boolean {
    const [feed, id] = parent.split(' ') as [FeedKind, string];
    const looked = this.#books.lastWritten.get(nameOf(id.split('-')[0]!.toUpperCase(), feed))?.since;
    return looked === undefined ? this.#books.wasTouched(parent) : this.#books.touchedSince(parent, looked);
  }

  /** A parent that the feed of its own may not have written, or that somebody touched. */
  #mayMiss(parent: string): boolean {
    const [feed, id] = parent.split(' ') as [FeedKind, string];
    const written = this.#books.lastWritten.get(nameOf(id.split('-')[0]!.toUpperCase(), feed));
    return this.#books.wasTouched(parent) || !written?.judged.good.has(parent) || this.#waits.has(parent);
  }

  /** Rows that the last run of their feed did not write. */
  readonly #waits = new Set<string>();

  #vanished(
    course: Course,
    { counts, status }: Ended,
    { judged, since }: Seen,
    held: ReadonlyMap<string, Held>,
  ): string[] {
    const books = this.#books;
    const own = [...held].filter(([key]) => key.split(' ')[1]!.startsWith(`${course.company.toLowerCase()}-`));
    const gone = own.filter(([key]) => !judged.good.has(key) && !judged.bad.has(key));
    if (own.some(([key]) => books.touchedSince(key, since)) || status === 'held') return [];
    const broken: string[] = [];
    const { vanished } = this.#config.feed(course.company, course.feed).policy;
    if (vanished !== null)
      for (const [key, { id, values }] of gone)
        for (const [field, value] of Object.entries(vanished.set))
          if (values[field] !== value && !books.wasTouched(key) && !course.locked.has(id))
            broken.push(`${key} has vanished, and its ${field} is ${show(values[field])}`);
    if (counts.deactivated > 0 && vanished === null) broken.push(`it set ${counts.deactivated} vanished rows`);
    return broken;
  }

  #counts({ counts }: Ended, judged: Judged, { failed, unwritten }: Named): string[] {
    for (const key of [...judged.good.keys()])
      if (failed.has(key) || unwritten.has(key)) this.#waits.add(key);
      else this.#waits.delete(key);
    const { created, updated, unchanged, waiting, failed: refused } = counts;
    const distinct = judged.good.size + judged.bad.size + judged.keyless;
    const sum = created + updated + unchanged + waiting + refused;
    if (sum === distinct) return [];
    return [`of ${distinct} rows it counts ${show({ created, updated, unchanged, waiting, refused })}`];
  }
}
