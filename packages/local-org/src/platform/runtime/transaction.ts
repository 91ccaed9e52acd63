import type { Random } from 'kernel/random.ts';
import type { Access, AssignmentChoice, DuplicateChoice, PublishedEvent, Transaction } from '../../store/types.ts';
import type { AccessMode } from '../services.ts';
import type { Apex } from '../types.ts';
import type { DebugLog } from './debug-log.ts';
import { Heap } from './heap.ts';
import type { LimitSet } from './limits.ts';
import type { OrgContext } from './org-context.ts';
import type { OtherTransaction } from './outcomes.ts';
import { newUnit, type Quiddity, type Unit } from './unit.ts';

export interface TransactionStart {
  userId: string;
  quiddity: Quiddity;
  limits?: LimitSet;
  log?: DebugLog | null;
  /** What decides on the owner of all records that are saved; null: nothing does. Absent: each save says for itself. */
  assignmentRule?: AssignmentChoice | null;
  /** What the request says to duplicate rules, of the records that it brings itself. */
  duplicateChoice?: DuplicateChoice | undefined;
}

export type NewEvent = Omit<PublishedEvent, 'replayId'>;

/** One Apex transaction: the state that compiled code, the library and the bridges to the store share. */
export class ApexTransaction {
  readonly org: OrgContext;
  readonly storeTransaction: Transaction;
  readonly log: DebugLog | null;
  readonly rest: { request: Apex; response: Apex } = { request: null, response: null };
  /** Events of `PublishImmediately`: they leave even when the transaction fails. */
  readonly immediateEvents: NewEvent[] = [];
  readonly assignmentRule: AssignmentChoice | null | undefined;
  /** What the program holds. */
  readonly heap = new Heap({
    limit: () => this.unit.governor.limits.HeapSize,
    globals: () => [this.rest.request, this.rest.response, ...this.statics()],
  });
  /** Values of the static variables of all classes that were loaded. */
  statics: () => Iterable<unknown> = () => [];
  unit: Unit;
  /** The context user. */
  userId: string;
  /** Whether sharing restricts rows; undefined until a class has said so. */
  sharing: boolean | undefined = undefined;
  triggerDepth = 0;
  /** Ids of the rows that a FOR UPDATE of this transaction has locked. */
  readonly locked = new Set<string>();
  /** Transactions of others that came into this one. */
  readonly others: OtherTransaction[] = [];
  #sequence = 0;

  constructor(org: OrgContext, storeTransaction: Transaction, start: TransactionStart) {
    this.org = org;
    this.storeTransaction = storeTransaction;
    this.log = start.log ?? null;
    this.userId = start.userId;
    this.assignmentRule = start.assignmentRule;
    this.unit = newUnit(start.quiddity, newRequestId(org.random), start.limits);
  }

  get store(): OrgContext['store'] {
    return this.org.store;
  }

  /** Orders what is staged for the commit. */
  nextSequence(): number {
    return ++this.#sequence;
  }

  /** Was anything staged, even if it was rolled back since? */
  get hasStaged(): boolean {
    return this.#sequence > 0;
  }

  /** Who asks the store, in the mode asked for, under the sharing that the class declares. */
  access(mode: AccessMode): Access {
    return { userId: this.userId, mode, sharing: this.sharing === true };
  }

  /** Runs `work` as a user with sharing as given, then goes back, however it ends. */
  as<T>(userId: string, sharing: boolean | undefined, work: () => T): T {
    const outer = { userId: this.userId, sharing: this.sharing };
    this.userId = userId;
    this.sharing = sharing;
    try {
      return work();
    } finally {
      this.userId = outer.userId;
      this.sharing = outer.sharing;
    }
  }

  /** Runs `work` under limits and in a request context of its own. */
  inUnit<T>(unit: Unit, work: () => T): T {
    const outer = this.unit;
    this.unit = unit;
    try {
      return this.heap.apart(work);
    } finally {
      this.unit = outer;
    }
  }
}

const REQUEST_ID_LENGTH = 17;

/** `TID:` and 17 letters and digits. */
export const newRequestId = (random: Random): string => {
  let digits = '';
  for (let i = 0; i < REQUEST_ID_LENGTH; i++) digits += Math.floor(random.next() * 36).toString(36);
  return `TID:${digits}`;
};
