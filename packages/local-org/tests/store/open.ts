/** Opens stores for tests, on the library project of this folder unless told otherwise. */
import { join } from 'node:path';
import { openStore } from '../../src/store/index.ts';
import type {
  Access,
  Row,
  SaveOperation,
  SaveRequest,
  SaveResult,
  Store,
  TriggerCall,
  TriggerHost,
  SaveError,
  Value,
} from '../../src/store/types.ts';
import { ManualClock } from 'kernel/clock.ts';
import { seededRandom } from 'kernel/random.ts';

export const PROJECT = join(import.meta.dirname, 'project/main');

/** A project of masters and details with roll-up summaries. */
export const SHOP = join(import.meta.dirname, 'shop/main');

/** A Thursday. */
export const NOW = Date.parse('2026-01-15T10:20:30.456Z');

export const NO_TRIGGERS: TriggerHost = { hasTriggers: () => false, fire: () => [] };

/** A trigger host that runs `run` for every event and notes the calls. */
export class FakeTriggers implements TriggerHost {
  readonly calls: string[] = [];
  readonly #run: (call: TriggerCall) => SaveError[][] | void;

  constructor(run: (call: TriggerCall) => SaveError[][] | void = () => undefined) {
    this.#run = run;
  }

  hasTriggers(): boolean {
    return true;
  }

  fire(call: TriggerCall): SaveError[][] {
    const rows = call.newRows ?? call.oldRows ?? [];
    this.calls.push(`${call.timing} ${call.operation} ${call.object} ${rows.length}`);
    return this.#run(call) ?? [];
  }
}

export interface TestStore {
  store: Store;
  clock: ManualClock;
  admin: Access;
  /** Saves in a transaction of its own. */
  save: (
    operation: SaveOperation,
    object: string,
    records: Record<string, Value>[],
    more?: Partial<SaveRequest>,
    triggers?: TriggerHost,
  ) => SaveResult[];
  /** Inserts one record that must succeed, and returns its id. */
  insert: (object: string, values: Record<string, Value>, more?: Partial<SaveRequest>) => string;
  /** Rows of a query as plain objects. */
  query: (soql: string, binds?: Record<string, Value | Value[]>) => Record<string, unknown>[];
  /** One field of one record. */
  get: (object: string, id: string, field: string) => Value | undefined;
}

export const row = (object: string, { Id, ...values }: Record<string, Value>): Row => ({
  object,
  id: (Id as string | undefined) ?? null,
  values: new Map(Object.entries(values)),
});

/** Opens a store with a clock that stands still. */
export function testStore(options: { packageDirs?: string[]; file?: string } = {}): TestStore {
  const clock = new ManualClock(NOW);
  const { packageDirs = [PROJECT], file } = options;
  const store = openStore({ packageDirs, clock, random: seededRandom(7), ...(file !== undefined && { file }) });
  const [user] = store.query("SELECT Id FROM User WHERE Alias = 'admin'", {
    access: { userId: '', mode: 'system', sharing: false },
  }).rows;
  const admin: Access = { userId: user!.id!, mode: 'system', sharing: false };
  const save: TestStore['save'] = (operation, object, records, more = {}, triggers = NO_TRIGGERS) => {
    const transaction = store.begin();
    const rows = records.map((values) => row(object, values));
    try {
      const results = store.save({ operation, rows, allOrNone: true, access: admin, ...more }, triggers);
      transaction.commit();
      return results;
    } catch (error) {
      transaction.rollback();
      throw error;
    }
  };
  return {
    store,
    clock,
    admin,
    save,
    insert: (object, values, more) => {
      const [result] = save('insert', object, [values], more);
      if (!result!.success) throw new Error(JSON.stringify(result!.errors));
      return result!.id!;
    },
    query: (soql, binds) => store.query(soql, { access: admin, ...(binds && { binds }) }).rows.map(plain),
    get: (object, id, field) => store.read(object, [id])[0]?.values.get(field),
  };
}

type QueriedRow = ReturnType<Store['query']>['rows'][number];

/** A queried record as nested plain objects. */
export function plain(record: QueriedRow): Record<string, unknown> {
  return {
    ...Object.fromEntries(record.values),
    ...Object.fromEntries([...record.parents].map(([name, parent]) => [name, parent && plain(parent)])),
    ...Object.fromEntries([...record.children].map(([name, children]) => [name, children.map(plain)])),
  };
}

/** The code and message of the errors of a result. */
export const errorsOf = (result: SaveResult | undefined): string[] =>
  (result?.errors ?? []).map((error) => `${error.code}: ${error.message} [${error.fields.join(', ')}]`);

/** Makes a user with a profile and permission sets, and his access in user mode. */
export function person(t: TestStore, profile: string, ...sets: string[]): Access {
  const name = `u${String(t.query('SELECT COUNT(Id) n FROM User')[0]!['n'])}`;
  const [{ Id: ProfileId }] = t.query('SELECT Id FROM Profile WHERE Name = :profile', { profile }) as [{ Id: string }];
  const userId = t.insert('User', {
    Username: `${name}@example.com`,
    LastName: name,
    Alias: name,
    CommunityNickname: name,
    Email: 'u@example.com',
    ProfileId,
    TimeZoneSidKey: 'GMT',
    LocaleSidKey: 'en_US',
    EmailEncodingKey: 'UTF-8',
    LanguageLocaleKey: 'en_US',
    DefaultGroupNotificationFrequency: 'N',
    DigestFrequency: 'N',
    IsActive: true,
  });
  for (const set of sets) {
    const [{ Id }] = t.query('SELECT Id FROM PermissionSet WHERE Name = :set', { set }) as [{ Id: string }];
    t.insert('PermissionSetAssignment', { AssigneeId: userId, PermissionSetId: Id });
  }
  return { userId, mode: 'user', sharing: true };
}

/** A profile that grants nothing. */
export const NOTHING = 'Minimum Access - Salesforce';
