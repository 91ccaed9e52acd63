import type { Heartbeat } from './salesforce/port.ts';
import type { FlowContext } from '../../../middle-layer/types.ts';

/** Decides which sweeps tell the org that they happen: one a minute, and each that changes what was told. */
export class Heartbeats {
  #context: FlowContext;
  #toldAt = -Infinity;
  #wasClear: boolean | null = null;

  constructor(context: FlowContext) {
    this.#context = context;
  }

  /** What the sweep that begins now should tell, or null. `awakeUntil`: in epoch milliseconds, when that is to be told. */
  due(clearSince: Date | null, awakeUntil: number | null): Heartbeat | null {
    const { clock, settings } = this.#context;
    const now = clock.now();
    const isSame = this.#wasClear === (clearSince !== null);
    if (awakeUntil === null && isSame && now >= this.#toldAt && now - this.#toldAt < settings.heartbeatIntervalMs)
      return null;
    return {
      sweptAt: new Date(now).toISOString(),
      clearSince: clearSince?.toISOString() ?? null,
      ...(awakeUntil === null ? {} : { awakeUntil: new Date(awakeUntil).toISOString() }),
    };
  }

  /** The sweep has told it. */
  told({ sweptAt, clearSince }: Heartbeat): void {
    this.#toldAt = Date.parse(sweptAt);
    this.#wasClear = clearSince !== null;
  }
}
