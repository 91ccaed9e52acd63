/** Faults that only a local org can show, injected for tests and demonstrations. */
import type { SaveResult, TriggerHost } from '../../store/types.ts';
import type { EventFaults, OtherTransactions, SaveFaults } from './org-context.ts';
import type { InjectedFault, OtherTransaction } from './outcomes.ts';

/** No trigger fires, as while an administrator has switched them off for a load. */
const WITHOUT_TRIGGERS: TriggerHost = { hasTriggers: () => false, fire: () => [] };

/** Triggers fire, and no master is summed up. */
const withoutSums = (triggers: TriggerHost): TriggerHost => ({ ...triggers, skipsSummaries: true });

const DEFAULT_FAULT_STATUS = 503;

export class Faults implements SaveFaults, EventFaults, OtherTransactions {
  #pending: InjectedFault[] = [];
  #others: OtherTransaction[] = [];

  inject(fault: InjectedFault): void {
    if (!Number.isInteger(fault.count) || fault.count < 1)
      throw new Error(`a fault's count must be a positive whole number, not ${fault.count}`);
    this.#pending.push({ ...fault });
  }

  /** Lets another transaction come between the reads and the writes of one. */
  letIn(other: OtherTransaction): void {
    this.#others.push(other);
  }

  /** None of those that were injected strikes any more. How many of them could still have struck. */
  clear(): number {
    const left = this.#pending.length + this.#others.length;
    this.#pending = [];
    this.#others = [];
    return left;
  }

  save: SaveFaults['save'] = (request, triggers, run) => {
    const objects = new Set(request.rows.map((row) => row.object.toLowerCase()));
    const strikes = (candidate: InjectedFault): boolean =>
      candidate.object === undefined || objects.has(candidate.object.toLowerCase());
    if (this.#take((candidate) => candidate.kind === 'bypass' && strikes(candidate)) !== null)
      return run(WITHOUT_TRIGGERS);
    if (this.#take((candidate) => candidate.kind === 'summary' && strikes(candidate)) !== null)
      return run(withoutSums(triggers));
    const fault = this.#take((candidate) => candidate.kind === 'save' && strikes(candidate));
    if (fault === null) return run(triggers);
    return request.rows.map((row): SaveResult => ({
      id: row.id,
      success: false,
      created: false,
      errors: [{ code: fault.code, message: fault.message, fields: [] }],
    }));
  };

  /** The fault the next API request answers with, if any. */
  takeRequest(): { status: number; code: string; message: string } | null {
    const fault = this.#take((candidate) => candidate.kind === 'request');
    return fault && { status: fault.status ?? DEFAULT_FAULT_STATUS, code: fault.code, message: fault.message };
  }

  /** Whether an event of this object gets lost on its way to its subscribers. */
  losesEvent(object: string): boolean {
    const strikes = (fault: InjectedFault): boolean =>
      fault.kind === 'event' && (fault.object === undefined || fault.object.toLowerCase() === object.toLowerCase());
    return this.#take(strikes) !== null;
  }

  /** The other transaction that comes before this save, if any. */
  takeOther(object: string): OtherTransaction | null {
    const other = this.#others.find((each) => each.object.toLowerCase() === object.toLowerCase()) ?? null;
    this.#others = this.#others.filter((each) => each !== other);
    return other;
  }

  #take(matches: (fault: InjectedFault) => boolean): InjectedFault | null {
    const fault = this.#pending.find(matches);
    if (!fault) return null;
    if (fault.after !== undefined && fault.after > 0) {
      fault.after--;
      return null;
    }
    fault.count--;
    this.#pending = this.#pending.filter((pending) => pending.count > 0);
    return fault;
  }
}
