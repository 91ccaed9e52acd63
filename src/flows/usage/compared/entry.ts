import type { ComparedObject } from '../../../reconciliation/compared-object.ts';
import { externalSide } from '../../../reconciliation/sides/external.ts';
import type { SyncedFields } from '../../../reconciliation/types.ts';
import { ENTRY_TYPES, partsOfKey } from '../../../shared/usage-entry.ts';
import { USAGE } from '../carried/name.ts';
import { lookUp, readUnsettled } from './bookings.ts';
import { carryOut } from './carry-out.ts';
import { classify, COUNTS } from './classify.ts';
import { explain } from './explain.ts';
import { KINDS } from './kinds.ts';
import { lookWhetherLocked } from './locked.ts';
import { planRepair, type UsageStep } from './plan.ts';
import { findUnfinishedSeals } from './sealings.ts';
import { findSealsApart, sealsFoundAgain } from './seals.ts';
import { findWrongSums } from './sums.ts';
import type { BookingState, EntryState, UsageKind } from './types.ts';
import { undoOfUsage } from './undo.ts';

const LOCKED = 'Line__r.Contract__r.Fulfilled__c';

/** The service application owns all that an entry says. */
const FIELDS: SyncedFields = {
  owners: Object.fromEntries(Object.keys(ENTRY_TYPES).map((field) => [field, 'External'])),
  types: ENTRY_TYPES,
};

/** A checkbox, as a query or as a query job answers it. */
const isChecked = (value: unknown): boolean => value === true || value === 'true';

/** Usage entries and the bookings of the service application. */
export const comparedEntry: ComparedObject<EntryState, BookingState, UsageKind, UsageStep> = {
  flow: USAGE,
  object: 'Usage_Entry__c',
  names: { one: 'usage entry', many: 'usage entries' },
  // another one in each org; only duplicates are told by it
  prefix: '',
  kinds: KINDS,
  trailKey: (key) => partsOfKey(key)?.adId ?? key.replace(/^contract /, ''),
  inside: {
    key: 'Booking_Key__c',
    columns: [COUNTS, LOCKED],
    unsettled: [],
    readFields: async () => FIELDS,
    stateOf: (row, base, value) => ({
      ...base,
      externalId: partsOfKey(base.key)?.adId ?? null,
      counts: !isChecked(row[COUNTS]),
      version: Number(base.values.Version__c ?? 0),
      contractNumber: base.values['Line__r.Contract__r.ContractNumber'] as string | null,
      isLocked: isChecked(value(LOCKED)),
    }),
    isSummed: ({ counts }) => counts,
    synced: 'Cancelled__c = FALSE',
    readGone: async () => new Map(),
  },
  outside: {
    digests: (request) => externalSide((path) => request('GET', path)),
    lookUp,
    readUnsettled,
    standsFor: () => ({ id: null, origin: null }),
  },
  classify,
  lookBeside: lookWhetherLocked,
  findBeside: async (client, external, times) => {
    const wrong = await findWrongSums(client, times);
    const named = new Set(wrong.map(({ key }) => key));
    const apart = await findSealsApart(client, external, times);
    return [
      ...wrong,
      ...(await findUnfinishedSeals(client, times)),
      // a seal that is broken in itself is told once
      ...apart.filter(({ key }) => !named.has(key)),
    ];
  },
  arrivedBeside: (client, external, repaired) =>
    sealsFoundAgain(
      client,
      external,
      repaired.filter(({ kind }) => kind === 'lost seal'),
    ),
  explain,
  plan: planRepair,
  carryOut,
  undo: undoOfUsage,
};
