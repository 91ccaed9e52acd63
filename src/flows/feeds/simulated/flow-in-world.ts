import { Chaos } from '../../../simulation/chaos.ts';
import type { FlowInWorld, Tools } from '../../../simulation/flow.ts';
import type { ProcessPlan } from '../../../simulation/process.ts';
import { streamOf } from '../../../simulation/streams.ts';
import type { World } from '../../../simulation/world.ts';
import { COMPANIES, FEEDS, nameOf } from './config.ts';
import { atRest } from './invariants.ts';
import { act } from './people/act.ts';
import { beginViews, correctViews } from './people/companies.ts';
import { actInSalesforce } from './people/salesforce.ts';
import { programBySchedule, programOf } from './program.ts';
import { BY_SCHEDULE, PROGRAMS, Scene } from './scene.ts';
import { troublesOf } from './troubles.ts';

/** In so many of the seeds somebody acts in Salesforce while a run is under way. */
const MEETINGS_SHARE = 0.5;
const MEETS = 0.02;
/** In so many of the seeds the program also runs by its schedule, and days pass. */
const SCHEDULE_SHARE = 0.35;
/** Between two things that people do. */
const DAYS_PASS = 0.06;
const HOUR = 3_600_000;
/** Clocks of processes differ by less. */
const SURELY_BEHIND_MS = 4 * 60_000;

/** Feeds in one world: three companies, the program, people on both sides, and what must hold between them. */
export class FeedsInWorld implements FlowInWorld {
  readonly scene: Scene;
  readonly processes: readonly ProcessPlan[];
  readonly faultCounts: Record<string, number> = {};
  readonly #chaos: Chaos;
  readonly #meets: boolean;
  /** Decides on days that pass; null: the program does not run by its schedule. */
  readonly #days: Chaos | null;

  constructor(world: World, seed: number) {
    this.scene = new Scene(world, seed);
    this.scene.meet = (random) => actInSalesforce(this.scene, random);
    const ofSchedule = streamOf(seed, 'schedule of feeds');
    this.#days = ofSchedule.next() < SCHEDULE_SHARE ? new Chaos(world, ofSchedule) : null;
    this.processes = [
      ...PROGRAMS.map((name) => programOf(this.scene, name, this.scene.queues[name]!)),
      ...(this.#days ? [programBySchedule(this.scene)] : []),
    ];
    this.#chaos = new Chaos(world, streamOf(seed, 'chaos of feeds'));
    this.#meets = streamOf(seed, 'whether people meet feeds').next() < MEETINGS_SHARE;
    beginViews(this.scene);
  }

  /** Twice: a row changes before it is fed. */
  async act(serial: number): Promise<void> {
    await act(this.scene, 2 * serial);
    await act(this.scene, 2 * serial + 1);
  }

  async breakSomething(): Promise<void> {
    await this.#chaos.strike(troublesOf(this.scene, this.#chaos));
    await this.#days?.strike([
      [DAYS_PASS, () => this.#days!.away([], 'days of feeds', 30 * HOUR, 5)],
      [DAYS_PASS / 2, () => this.#days!.away([BY_SCHEDULE], 'feeds missed their hours', 54 * HOUR, 6)],
      [DAYS_PASS, () => this.#days!.crash(BY_SCHEDULE, 150)],
    ]);
  }

  disturb(): void {
    for (const name of PROGRAMS) this.#chaos.skewAtFirst(name);
    this.scene.watch.meets = this.#meets ? MEETS : 0;
  }

  calm(): void {
    this.scene.world.org.releaseRows();
    this.scene.watch.meets = 0;
  }

  async resume(): Promise<void> {}

  async correct(): Promise<void> {
    await correctViews(this.scene);
    for (const company of COMPANIES) for (const feed of FEEDS) this.scene.wanted.add(nameOf(company, feed));
  }

  async underWay(): Promise<string[]> {
    const { queues, wanted } = this.scene;
    return [
      ...PROGRAMS.flatMap((name) => queues[name]!.map(({ company }) => `${name} is to run for ${company}`)),
      ...[...wanted].map((name) => `${name} has had no good run since its view was corrected`),
    ];
  }

  always(): Promise<string[]> {
    return this.scene.books.strangers();
  }

  async atRest(): Promise<string[]> {
    return [...(await this.always()), ...(await atRest(this.scene))];
  }

  /** Whoever feeds again writes nothing. */
  async afterwards({ settle }: Tools): Promise<string[]> {
    this.scene.isUnchanged = true;
    await this.correct();
    const broken = [...(await settle()), ...(await this.atRest())];
    return broken.length === 0 && this.#days ? this.#daysOfRest(this.#days) : broken;
  }

  /** The program was away for days: it makes up for that once. Then each feed runs at its hour, once a day. */
  async #daysOfRest(days: Chaos): Promise<string[]> {
    const { world, calendar } = this.scene;
    const names = COMPANIES.flatMap((company) => FEEDS.map((feed) => nameOf(company, feed)));
    const ran = (since: number): string[] =>
      names.flatMap((name) => {
        const runs = calendar.since(name, since);
        return runs.length === 1 && runs[0]!.bySchedule
          ? []
          : [`${name} has had ${runs.length} runs since ${new Date(since).toISOString()}`];
      });
    await days.away([BY_SCHEDULE], 'feeds missed their hours', (1 + days.upTo(3)) * 24 * HOUR, 4);
    const back = world.clock.now() - SURELY_BEHIND_MS;
    for (let round = 0; round < 3; round++) await world.round();
    const broken = ran(back);
    if (broken.length > 0) return ['what was missed for days was not made up for once', ...broken];
    const next = world.clock.now() + SURELY_BEHIND_MS;
    for (let hour = 0; hour < 24; hour++) {
      await world.clock.advance(HOUR);
      await world.round();
    }
    const missed = ran(next);
    return missed.length > 0 ? ['a feed did not run once by its schedule', ...missed] : this.always();
  }
}
