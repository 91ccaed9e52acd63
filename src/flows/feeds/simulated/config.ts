/** What the feeds of the simulation are: three companies, and accounts, stores and agreements of each. */
import { NAMES } from './names.ts';
import { FeedConfig } from '../../../feeds/config.ts';
import type { Column } from '../../../feeds/source/types.ts';
import type { FeedPolicy } from '../../../feeds/types.ts';
import type { Random } from 'kernel/random.ts';

export const COMPANIES = ['ITALCOL', 'CASABLANCA', 'SANTA_REYES'] as const;
/** Parents before children. */
export const FEEDS = ['accounts', 'stores', 'agreements'] as const;
export type FeedKind = (typeof FEEDS)[number];

/** A feed of a company, as `ITALCOL/accounts`. */
export const nameOf = (company: string, feed: string): string => `${company}/${feed}`;

export const OBJECTS: Readonly<Record<FeedKind, { object: string; externalId: string }>> = {
  accounts: { object: 'Account', externalId: NAMES.accountId },
  stores: { object: NAMES.store, externalId: NAMES.storeId },
  agreements: { object: NAMES.agreement, externalId: NAMES.agreementId },
};

const text = (name: string): Column => ({
  name,
  type: 'text',
  declared: 'text',
  isNullable: true,
  length: null,
  precision: null,
  scale: null,
});

export const COLUMNS: Readonly<Record<FeedKind, readonly Column[]>> = {
  accounts: ['codigo', 'empresa', 'nombre', 'telefono', 'cupo', 'activo', 'desde', 'nota'].map(text),
  stores: ['codigo', 'nombre', 'tercero', 'canal', 'telefono'].map(text),
  agreements: ['codigo', 'nombre', 'sucursal', 'tercero', 'valor', 'estado'].map(text),
};

/** Bounds of the policy: beyond them a run is held. */
export const BOUNDS = { fewerRows: 0.5, changedRows: 0.8, emptiedValues: 0.5 };

/** A row or two. */
const SMALL_JOB = 100;

/** What differs from seed to seed. */
export interface Drawn {
  policy: FeedPolicy;
  /** From so many rows on a run uses bulk jobs. */
  bulkFrom: number;
  /** Bytes of rows after which a bulk job is full: so few that a run needs several; null: none ever is. */
  bytesAJob: number | null;
}

/** `ofJobs`: decides how large they are. */
export const drawnSettings = (random: Random, ofJobs: Random): Drawn => ({
  policy: {
    hold: BOUNDS,
    vanished: null,
    deleted: random.next() < 0.7 ? 'make again' : 'tell',
  },
  bulkFrom: random.next() < 0.5 ? 2 : 2_000,
  bytesAJob: ofJobs.next() < 0.5 ? SMALL_JOB : null,
});

/** `setsVanished`: accounts that vanish are set inactive. */
export const configOf = ({ policy }: Drawn, setsVanished: boolean): FeedConfig => {
  const view = (name: FeedKind) => ({
    ...OBJECTS[name],
    view: { name },
    key: ['codigo'],
    policy,
    schedule: '0 5 * * *',
  });
  const column = (name: string) => ({ column: name, owner: 'view' as const });
  return new FeedConfig('feeds.json', {
    companies: Object.fromEntries(
      COMPANIES.map((company) => [company, { source: { kind: 'embedded', timeoutMs: 60_000, timeZone: 'UTC' } }]),
    ),
    feeds: {
      // in another order than they are needed
      agreements: {
        ...view('agreements'),
        fields: {
          Name: column('nombre'),
          [NAMES.store]: { ...column('sucursal'), parent: 'stores' },
          [NAMES.account]: { ...column('tercero'), parent: 'accounts' },
          [NAMES.value]: column('valor'),
          [NAMES.state]: column('estado'),
        },
      },
      stores: {
        ...view('stores'),
        fields: {
          Name: column('nombre'),
          [NAMES.account]: { ...column('tercero'), parent: 'accounts' },
          [NAMES.channel]: column('canal'),
          [NAMES.phone]: column('telefono'),
        },
      },
      accounts: {
        ...view('accounts'),
        policy: { ...policy, vanished: setsVanished ? { set: { [NAMES.active]: false } } : null },
        fields: {
          Name: column('nombre'),
          [NAMES.company]: column('empresa'),
          Phone: column('telefono'),
          [NAMES.credit]: column('cupo'),
          [NAMES.active]: { ...column('activo'), values: { S: true, N: false } },
          [NAMES.since]: { ...column('desde'), nulls: ['1900-01-01'] },
          Description: { column: 'nota', owner: 'salesforce' },
        },
      },
    },
  });
};
