/** Meters: an object and a side that no shared file knows. */
import type { ComparedObject, Replaced } from '../../../src/reconciliation/compared-object.ts';
import { contentOf } from '../../../src/shared/digest/content.ts';
import { cellsOf, elementOf, LARGE_CELLS, SMALL_CELLS, SMALL_TABLES } from '../../../src/shared/digest/element.ts';
import { addTo, totals, type Table } from '../../../src/reconciliation/digest/peel.ts';
import { isAtRest } from '../../../src/reconciliation/find/at-rest.ts';
import { externalSide } from '../../../src/reconciliation/sides/external.ts';
import type {
  Discrepancy,
  ExternalRequest,
  ExternalState,
  RepairStep,
  SalesforceState,
  SyncedFields,
} from '../../../src/reconciliation/types.ts';
import type { SalesforceClient } from '../../../src/shared/salesforce/client.ts';
import type { Values } from '../../../src/shared/values.ts';

const FIELDS: SyncedFields = {
  owners: { Name_Plate__c: 'Salesforce', Reading__c: 'External' },
  types: { Name_Plate__c: 'text', Reading__c: 'number' },
};

/** What a trigger would stamp on a meter. */
const stamped = (key: string, values: Values): Values => {
  const element = elementOf(key, contentOf(values, FIELDS.types));
  const cells = cellsOf(element);
  const digest: Values = {};
  for (const [index, cell] of cells.entries()) {
    digest[`Digest_Large_${index + 1}__c`] = String(cell % LARGE_CELLS);
    if (index < SMALL_TABLES) digest[`Digest_Small_${index + 1}__c`] = String(cell % SMALL_CELLS);
  }
  const { k1, k2, d, c } = element;
  return { Key__c: key, ...values, Digest_K1__c: k1, Digest_K2__c: k2, Digest_D__c: d, Digest_C__c: c, ...digest };
};

export const createMeter = (org: SalesforceClient, key: string, values: Values): Promise<unknown> =>
  org.change('POST', '/sobjects/Meter__c', stamped(key, values));

const changeMeter = (org: SalesforceClient, id: string, key: string, values: Values): Promise<unknown> =>
  org.change('PATCH', `/sobjects/Meter__c/${id}`, stamped(key, values));

interface Meter {
  key: string;
  revision: number;
  values: Values;
  updatedAt: number;
}

/** The other side, in memory: it holds the meters, sums them, and keeps what repairs replaced. */
export class MeterSide {
  readonly meters = new Map<string, Meter>();
  readonly #now: () => number;
  readonly #replaced: (Replaced & { run: string })[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  put(key: string, values: Values): void {
    const revision = (this.meters.get(key)?.revision ?? 0) + 1;
    this.meters.set(key, { key, revision, values, updatedAt: this.#now() });
  }

  /** As its API answers. */
  readonly request: ExternalRequest = async (method, path, body) => {
    const { pathname, searchParams } = new URL(path, 'http://meters');
    const asked = (body ?? {}) as Values & { wanted?: string[]; values?: Values };
    switch (`${method} ${pathname}`) {
      case 'GET /v1/digest/totals':
        return totals(this.#tables(1, LARGE_CELLS)[0]!) as never;
      case 'GET /v1/digest/tables': {
        const tables = this.#tables(Number(searchParams.get('tables')), Number(searchParams.get('fold')));
        return {
          tables: tables.map((table) => [...table].map(([at, { count, k1, k2, d, c }]) => [at, count, k1, k2, d, c])),
        } as never;
      }
      case 'GET /meters':
        return { meters: [...this.meters.values()] } as never;
      case 'GET /replaced':
        return { replaced: this.#replaced.filter(({ run }) => run === searchParams.get('run')) } as never;
      default: {
        const key = asked.key as string;
        const before = this.meters.get(key)?.values ?? {};
        this.put(key, { ...before, ...asked.values });
        const { revision } = this.meters.get(key)!;
        this.#replaced.push({ key, externalId: key, run: asked.run as string, revision, before, undoneBy: null });
        return {} as never;
      }
    }
  };

  #tables(count: number, fold: number): Table[] {
    const tables = Array.from({ length: count }, (): Table => new Map());
    for (const { key, values } of this.meters.values()) {
      const element = elementOf(key, contentOf(values, FIELDS.types));
      for (const [index, table] of tables.entries()) addTo(table, cellsOf(element)[index]! % fold, element, 1);
    }
    return tables;
  }
}

type Kind = 'missing outside' | 'field mismatch' | 'missing in Salesforce';
interface MeterState extends SalesforceState {
  plate: string | null;
}
interface Step extends RepairStep {
  id: string;
  inside: Values;
  outside: Values;
}

const readMeters = async (request: ExternalRequest): Promise<ExternalState[]> => {
  const { meters } = await request<{ meters: Meter[] }>('GET', '/meters');
  return meters.map((meter) => ({ ...meter, externalId: meter.key, deleted: false }));
};

export const comparedMeter: ComparedObject<MeterState, ExternalState, Kind, Step> = {
  flow: 'meters',
  object: 'Meter__c',
  names: { one: 'meter', many: 'meters' },
  prefix: 'a00',
  kinds: {
    'missing outside': {
      meaning: 'The meter is not outside.',
      cause: 'It was never sent.',
      owner: 'Concord',
      action: 'Send it.',
      repair: 'request again',
    },
    'field mismatch': {
      meaning: 'Both sides hold the meter with different values.',
      cause: 'A reading was lost.',
      owner: 'Concord',
      action: 'Carry each field from its owner.',
      repair: 'carry by owner',
    },
    'missing in Salesforce': {
      meaning: 'The meter is not in Salesforce.',
      cause: 'Nobody registered it.',
      owner: 'agent',
      action: 'Register it, or take it down.',
      repair: 'none',
    },
  },
  inside: {
    key: 'Key__c',
    columns: [],
    unsettled: [],
    readFields: async () => FIELDS,
    stateOf: (row, base) => ({ ...base, plate: row.Name_Plate__c as string | null }),
    synced: 'Id != null',
    readGone: async () => new Map(),
  },
  outside: {
    digests: (request) => externalSide((path) => request('GET', path)),
    async lookUp(request, { keys = [], elements = [] }) {
      const isWanted = (key: string): boolean => {
        const { k1 } = elementOf(key, '');
        return keys.includes(key) || elements.some((element) => element.k1 === k1);
      };
      return (await readMeters(request)).filter(({ key }) => isWanted(key));
    },
    readUnsettled: async () => [],
    standsFor: () => ({ id: null, origin: null }),
  },
  classify(ours, theirs, _gone, rules) {
    const found = (kind: Kind, fields: Discrepancy['fields'] = []): Discrepancy<Kind> => ({
      kind,
      key: (ours ?? theirs)!.key,
      recordId: ours?.id ?? null,
      externalId: theirs?.externalId ?? null,
      fields,
      detail: fields.length === 0 ? 'only one side has it' : fields.map(({ field }) => field).join(', '),
    });
    if (!ours && !theirs) return 'equal';
    if (!isAtRest(Math.max(ours?.modifiedAt ?? 0, theirs?.updatedAt ?? 0), rules)) return 'in flight';
    if (!theirs) return found('missing outside');
    if (!ours) return found('missing in Salesforce');
    const fields = Object.entries(rules.owners)
      .map(([field, owner]) => ({
        field,
        owner,
        salesforce: ours.values[field] ?? null,
        external: theirs.values[field] ?? null,
      }))
      .filter(({ salesforce, external }) => salesforce !== external);
    return fields.length > 0 ? found('field mismatch', fields) : 'equal';
  },
  explain: ({ salesforce }, { entries }) => (entries.length === 0 ? `Nothing was sent of ${salesforce?.plate}.` : null),
  plan({ kind, key }, ours, theirs) {
    if (kind === 'missing in Salesforce' || !ours) return null;
    const { Name_Plate__c, Reading__c } = ours.values;
    const plate = { Name_Plate__c: Name_Plate__c ?? null };
    if (kind === 'missing outside')
      return {
        do: 'request again',
        key,
        id: ours.id,
        inside: ours.values,
        outside: { ...plate, Reading__c: Reading__c ?? null },
      };
    return { do: 'carry by owner', key, id: ours.id, inside: { ...theirs!.values, ...plate }, outside: plate };
  },
  async carryOut(steps, { external, org, runKey }) {
    const problems = new Map<string, string>();
    for (const { key, id, inside, outside } of steps) {
      if (outside.Name_Plate__c === 'sealed') problems.set(key, 'the meter is sealed');
      else {
        await external('POST', '/meters', { key, values: outside, run: runKey });
        await changeMeter(org, id, key, inside);
      }
    }
    return problems;
  },
  undo: {
    readReplaced: async (request, run) =>
      (await request<{ replaced: Replaced[] }>('GET', `/replaced?run=${run}`)).replaced,
    restore: (request, { key, before }, _now, { runKey }) =>
      request('POST', '/meters', { key, values: before, run: runKey }),
  },
};
