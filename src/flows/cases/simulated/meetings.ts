import type { Chaos } from '../../../simulation/chaos.ts';
import type { Ledger } from '../../../simulation/ledger.ts';
import type { Random } from 'kernel/random.ts';
import { allCases, FIELDS, type CaseRow } from './people/types.ts';
import type { Scene } from './scene.ts';

/** Between two things that people do. */
const MEETS = 0.3;
const HELD = 0.06;
/** Longer than anybody waits for a row: 10 seconds. */
const MIN_HELD_MS = 11_000;
const MAX_HELD_MS = 120_000;
/** Serials of these saves begin here: every value that is written is new. */
const FIRST_SERIAL = 10_000;

/** Transactions that meet within the org at one row: an agent saves what another has read and not locked, or holds a row for too long. */
export class Meetings {
  readonly #scene: Scene;
  readonly #ledger: Ledger;
  readonly #random: Random;
  #serial = FIRST_SERIAL;

  /** `random`: for what agents do within the transactions of others. */
  constructor(scene: Scene, ledger: Ledger, random: Random) {
    this.#scene = scene;
    this.#ledger = ledger;
    this.#random = random;
  }

  strike(chaos: Chaos): Promise<void> {
    return chaos.strike([
      [MEETS, async () => this.#letAgentIn()],
      [HELD, () => this.#holdRow(chaos)],
    ]);
  }

  #letAgentIn(): void {
    const save = this.#save.bind(this);
    let saved: Promise<() => void> | undefined;
    this.#scene.world.org.letIn({
      object: 'Case',
      run: (free) => void (saved = this.#scene.saves.aside(() => save(free))),
      ended: (committed) => {
        // what the transaction that it came into takes with it was never saved
        if (committed && saved) this.#scene.met = saved.then((note) => note());
      },
    });
  }

  /** An agent changes one of the Cases; what this brings notes it. */
  async #save(free: readonly string[]): Promise<() => void> {
    const { world } = this.#scene;
    const pick = <T>(items: readonly T[]): T => items[Math.floor(this.#random.next() * items.length)]!;
    const [id, field, value] = [pick(free), pick(FIELDS), `inside ${this.#serial++}`];
    world.network.count('an agent saves between read and write');
    const path = `/sobjects/Case/${id}`;
    // both are done when the promises are made
    const [before, saved] = [world.salesforce<CaseRow>('GET', path), world.person('PATCH', path, { [field]: value })];
    const [row, done] = await Promise.all([before, saved]);
    return () => {
      if (done !== undefined && row.Sync_Status__c !== null)
        this.#ledger.note(row.Sync_Key__c, field, 'salesforce', value, row[field] ?? null);
    };
  }

  async #holdRow(chaos: Chaos): Promise<void> {
    const { world } = this.#scene;
    const rows = await allCases(this.#scene);
    if (rows.length === 0) return;
    world.network.count('row held');
    world.org.holdRows([rows[chaos.upTo(rows.length)]!.Id], MIN_HELD_MS + chaos.upTo(MAX_HELD_MS - MIN_HELD_MS));
  }

  /** Nobody meets any more. */
  calm(): void {
    this.#scene.world.org.releaseRows();
  }
}
