/** What the org answers about a contract's usage: UsageLinesController. Null: empty, or the person may not see it. */
export interface Line {
  recordId: string;
  name: string;
  productNumber: string | null;
  /** Exact decimals, as text. */
  sold: string | null;
  consumed: string | null;
  available: string | null;
  isOverBooked: boolean;
}

export interface WaitingBooking {
  recordId: string;
  reason: string | null;
  message: string | null;
  productNumber: string | null;
  units: string | null;
  bookedAt: string | null;
}

/** The seal of a fulfilled contract with very many entries, while it is computed. */
export interface Sealing {
  counted: number;
  expected: number;
  isStuck: boolean;
  notice: string | null;
}

export interface Usage {
  isFulfilled: boolean | null;
  fulfilledAt: string | null;
  sealing: Sealing | null;
  lines: Line[] | null;
  moreLines: number;
  exceptions: WaitingBooking[] | null;
  moreExceptions: number;
  /** Labels of what the person may not see. */
  hidden: string[];
}

/** As it comes: the platform may leave out what is null. */
export type UsageAnswer = Partial<Omit<Usage, 'lines' | 'exceptions' | 'sealing'>> & {
  sealing?: (Omit<Sealing, 'notice'> & Partial<Sealing>) | null;
  lines?: (Pick<Line, 'recordId' | 'name'> & Partial<Line>)[] | null;
  exceptions?: (Pick<WaitingBooking, 'recordId'> & Partial<WaitingBooking>)[] | null;
};

const NOTHING = { isFulfilled: null, fulfilledAt: null, moreLines: 0, moreExceptions: 0, hidden: [] };
const NO_LINE = { productNumber: null, sold: null, consumed: null, available: null, isOverBooked: false };
const NO_EXCEPTION = { reason: null, message: null, productNumber: null, units: null, bookedAt: null };

/** With null for all that is left out. */
export function usageOf(answer: UsageAnswer): Usage {
  return {
    ...NOTHING,
    ...answer,
    sealing: answer.sealing ? { notice: null, ...answer.sealing } : null,
    lines: answer.lines?.map((line) => ({ ...NO_LINE, ...line })) ?? null,
    exceptions: answer.exceptions?.map((exception) => ({ ...NO_EXCEPTION, ...exception })) ?? null,
  };
}
