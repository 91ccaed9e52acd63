import { TargetUnavailable } from '../../../../src/middle-layer/clients/errors.ts';
import type {
  Heartbeat,
  Sampled,
  Sweep,
  SweepPage,
  SyncedField,
} from '../../../../src/flows/cases/carried/salesforce/port.ts';
import { SAMPLES } from '../../../../src/reconciliation/sides/key-range.ts';
import { WHOLE_RANGE } from '../../../../src/reconciliation/types.ts';
import type { Random } from 'kernel/random.ts';
import { InMemorySalesforce } from './salesforce.ts';

const MILLION = 1_000_000;

/** A tenth of the first million, a twentieth of the others, 333,333 at most. */
const servedOf = (rows: number): number =>
  Math.min(333_333, 0.1 * Math.min(rows, MILLION) + 0.05 * Math.max(0, rows - MILLION));

/**
 * A large org in small: each Case in it stands for so many, as does each row of a page. A query that no index serves at
 * the size that it stands for is ended, as Salesforce ends it.
 */
export class LargeSalesforce extends InMemorySalesforce {
  readonly #standsFor: number;
  /** Cases that are settled, and not here. */
  readonly #settled: number;
  /** Rows that a custom index serves ("Database Query & Search Optimization Cheat Sheet"). */
  indexServes: number;
  /** Sweeps that were ended. */
  ended = 0;
  /** What an ended query looks like: an answer that says so, or none in time. */
  endsWith = 'QUERY_TIMEOUT';

  /** `settled` as many as there really are. */
  constructor(random: Random, standsFor: number, settled: number) {
    super(random);
    this.#standsFor = standsFor;
    this.#settled = settled;
    this.indexServes = servedOf(settled);
    this.mostRows = Math.max(1, Math.floor(2_000 / standsFor));
  }

  get #pending(): number {
    const pending = [...this.cases.values()].filter((found) => found.pending !== null && found.pending !== 'Retry');
    return pending.length * this.#standsFor;
  }

  get #cases(): number {
    return this.#settled + this.cases.size * this.#standsFor;
  }

  override async sweep(
    known: readonly SyncedField[],
    page: SweepPage,
    heartbeat: Heartbeat | null = null,
  ): Promise<Sweep> {
    const { slice = null } = page;
    const bySlice = slice && (this.#cases * (slice.to - slice.from)) / WHOLE_RANGE.to;
    if (page.most > 0 && Math.min(this.#pending, bySlice ?? Infinity) > this.indexServes) {
      this.ended += 1;
      throw new TargetUnavailable(this.endsWith, 'Your query request was running for too long.');
    }
    return super.sweep(known, page, heartbeat);
  }

  override async sample(): Promise<Sampled> {
    await super.sample();
    return { cases: Math.round(this.#cases / SAMPLES), pending: Math.round(this.#pending / SAMPLES) };
  }
}
