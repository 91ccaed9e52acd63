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
import { programOf } from './program.ts';
import { PROGRAMS, Scene } from './scene.ts';
import { troublesOf } from './troubles.ts';

/** In so many of the seeds somebody acts in Salesforce while a run is under way. */
const MEETINGS_SHARE = 0.5;
const MEETS = 0.02;

/** Feeds in one world: three companies, the program, people on both sides, and what must hold between them. */
export class FeedsInWorld implements FlowInWorld {
  readonly scene: Scene;
  readonly processes: readonly ProcessPlan[];
  readonly faultCounts: Record<string, number> = {};
  readonly #chaos: Chaos;
  readonly #meets: boolean;

  constructor(world: World, seed: number) {
    this.scene = new Scene(world, seed);
    this.scene.meet = (random) => actInSalesforce(this.scene, random);
    this.processes = PROGRAMS.map((name) => programOf(this.scene, name, this.scene.queues[name]!));
    this.#chaos = new Chaos(world, streamOf(seed, 'chaos of feeds'));
    this.#meets = streamOf(seed, 'whether people meet feeds').next() < MEETINGS_SHARE;
    beginViews(this.scene);
  }

  /** Twice: a row changes before it is fed. */
  async act(serial: number): Promise<void> {
    await act(this.scene, 2 * serial);
    await act(this.scene, 2 * serial + 1);
  }

  breakSomething(): Promise<void> {
    return this.#chaos.strike(troublesOf(this.scene, this.#chaos));
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
    return [...(await settle()), ...(await this.atRest())];
  }
}
