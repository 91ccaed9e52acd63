import type { Random } from 'kernel/random.ts';
import type { FeedConfig } from '../../../feeds/config.ts';
import { Violation } from '../../../simulation/process.ts';
import { streamOf } from '../../../simulation/streams.ts';
import type { World } from '../../../simulation/world.ts';
import { Books, type Seen } from './books.ts';
import { COMPANIES, configOf, drawnSettings, FEEDS, nameOf, type Drawn, type FeedKind } from './config.ts';
import { Calendar, type Ended } from './calendar.ts';
import { Judge, type Course } from './judge.ts';
import type { Row } from './model.ts';
import { sessionOf } from '../../../simulation/org-users.ts';
import { FEEDS_APP } from './org.ts';
import { Views, VIEWS_HOST } from './views.ts';
import { Watch } from './watch.ts';

/** The program may be started twice at once: by its schedule, and by a person. */
export const PROGRAMS = ['feeds', 'feeds 2'] as const;

/** In some seeds it also runs by its schedule, as a third process. */
export const BY_SCHEDULE = 'feeds by schedule';

/** A run is taken over after 15 minutes of silence, and two clocks differ by up to six. */
const SURELY_ALIVE_MINUTES = 8;

/** What somebody starts the program for. */
export interface Command {
  company: string;
  /** In the order in which they run. */
  feeds: readonly FeedKind[];
  isDry?: boolean;
  decision?: { key: string; word: 'release' | 'reject'; by: string };
}

/** Where feeds are played: a world, the companies' databases, the program, and people on both sides. */
export class Scene {
  readonly world: World;
  /** For all that people of the feeds do. */
  readonly random: Random;
  readonly drawn: Drawn;
  readonly config: FeedConfig;
  readonly views = new Views();
  readonly books: Books;
  readonly judge: Judge;
  readonly calendar: Calendar;
  readonly watch = new Watch(this);
  readonly queues: Readonly<Record<string, Command[]>> = Object.fromEntries(PROGRAMS.map((name) => [name, []]));
  /** Accounts whose children came first. */
  readonly orphans: { company: string; code: string }[] = [];
  /** Rows that are no longer in their views. */
  readonly vanished: { company: string; feed: FeedKind; row: Row }[] = [];
  /** Feeds that must still have a good run of their view as it is now. */
  readonly wanted = new Set<string>();
  /** What somebody in Salesforce does who comes between two requests of a run. */
  meet: (random: Random) => Promise<unknown> = async () => {};
  /** Nothing has changed since the last run of each feed: the next one has nothing to write. */
  isUnchanged = false;
  /** Runs that were held when everything was correct, and released. */
  readonly #decided = new Set<string>();
  readonly #ofMeetings: Random;
  readonly #seen = new Map<Course, Seen>();
  #session: string | null = null;
  readonly #sessions = new Set<string>();

  constructor(world: World, seed: number) {
    this.world = world;
    this.random = streamOf(seed, 'people of feeds');
    this.#ofMeetings = streamOf(seed, 'meetings of feeds');
    const ofSettings = streamOf(seed, 'settings of feeds');
    this.drawn = drawnSettings(ofSettings, streamOf(seed, 'jobs of feeds'));
    this.config = configOf(this.drawn, ofSettings.next() < 0.5);
    this.books = new Books(world, this.views);
    this.calendar = new Calendar(world);
    this.judge = new Judge(world, this.books, this.config);
    world.network.attach(VIEWS_HOST, this.views.handle);
    world.watchOrg((org) => this.watch.overOrg(org));
  }

  /** The session of the program's user. */
  async session(): Promise<string> {
    this.#session ??= await sessionOf(this.world.org, FEEDS_APP);
    this.#sessions.add(this.#session);
    return this.#session;
  }

  endSession(): void {
    this.#session = null;
  }

  isOwnSession(authorization: string): boolean {
    return this.#sessions.has(authorization.replace('Bearer ', ''));
  }

  /** The program waits; others go on meanwhile. */
  async pass(ms: number): Promise<void> {
    await this.world.clock.advance(ms);
    await this.world.interleaving?.pause();
  }

  chanceOfMeeting(share: number): boolean {
    return this.#ofMeetings.next() < share;
  }

  /** Somebody in Salesforce acts while a run is under way. */
  async meeting(): Promise<void> {
    this.world.network.count('somebody acts while a run is under way');
    await this.meet(this.#ofMeetings);
  }

  begins(process: string, company: string, feed: FeedKind, isDry: boolean): Course {
    const before = this.watch.courses.get(process);
    if (before) this.breaksOff(before);
    const since = this.books.tick();
    const begunAt = this.world.clock.now();
    const course: Course = { process, company, feed, since, begunAt, writes: 0, isDry, locked: new Set() };
    this.watch.courses.set(process, course);
    return course;
  }

  async hasRead(course: Course, reading: number): Promise<void> {
    this.#seen.set(course, await this.books.read(this.views.reading(reading), course.since));
  }

  /** Another process took its run over: as docs/feeds.md says, not before it was silent for 15 minutes by either clock. */
  takenOver(course: Course): void {
    const minutes = (this.world.clock.now() - course.begunAt) / 60_000;
    this.breaksOff(course);
    this.world.network.count('run of feeds taken over');
    if (minutes < SURELY_ALIVE_MINUTES)
      throw new Violation(`a run of ${nameOf(course.company, course.feed)} was taken over after ${minutes} minutes`);
  }

  /** Nobody knows how it ended. */
  breaksOff(course: Course): void {
    this.watch.courses.delete(course.process);
    if (!course.isDry) this.books.lastWritten.set(nameOf(course.company, course.feed), null);
  }

  async ended(course: Course, outcome: Ended): Promise<void> {
    const { company, feed } = course;
    const name = nameOf(company, feed);
    this.watch.courses.delete(course.process);
    this.world.network.count(`feeds ${outcome.status}`);
    const waiting = outcome.run?.status === 'held' || outcome.status === 'held' ? outcome.run! : null;
    if (outcome.status === 'busy' && waiting && this.judge.held.get(name)?.runKey !== waiting.key)
      this.judge.held.set(name, { runKey: waiting.key, company, feed, seen: this.books.lastRead.get(name)! });
    const held = this.judge.held.get(name);
    const wasHeld = held !== undefined && held.runKey === outcome.run?.key;
    const seen = wasHeld ? held.seen : (this.#seen.get(course) ?? null);
    if (!wasHeld) await this.calendar.note(outcome, course.process === BY_SCHEDULE);
    await this.judge.ended(course, outcome, seen);
    if (this.isUnchanged && course.writes > 0)
      throw new Violation(`nothing has changed, and the run of ${name} writes`);
    if (outcome.status === 'succeeded' && seen && this.books.isCurrent(seen)) this.wanted.delete(name);
  }

  /** A decision on a run was taken; where it was not, or its process died, whoever gave it gives it again. */
  hasDecided(runKey: string): void {
    this.#decided.add(runKey);
  }

  /** What a process does unasked: after people have corrected everything, whatever must still be fed. */
  due(process: string): Command | null {
    if (process !== PROGRAMS[0]) return null;
    for (const company of COMPANIES) {
      if (!FEEDS.some((feed) => this.wanted.has(nameOf(company, feed)))) continue;
      for (const feed of FEEDS) {
        const held = this.judge.held.get(nameOf(company, feed));
        if (!held) continue;
        // where somebody has decided in Salesforce, that is done
        if (this.#decided.has(held.runKey)) return { company, feeds: [feed] };
        this.books.allow(held.seen);
        return { company, feeds: [feed], decision: { key: held.runKey, word: 'release', by: 'vera' } };
      }
      return { company, feeds: FEEDS.filter((feed) => this.wanted.has(nameOf(company, feed))) };
    }
    return null;
  }

  pick<T>(items: readonly T[]): T | undefined {
    return items[Math.floor(this.random.next() * items.length)];
  }

  chance(share: number): boolean {
    return this.random.next() < share;
  }
}
