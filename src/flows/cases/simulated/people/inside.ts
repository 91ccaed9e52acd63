import type { Ledger } from '../../../../simulation/ledger.ts';
import { MIDDLE_LAYER } from '../../../../simulation/middle-layer.ts';
import { Violation } from '../../../../simulation/process.ts';
import type { Scene } from '../scene.ts';
import { allCases, FIELDS, pick, type Action, type CaseRow } from './types.ts';
import { SAMPLE } from '../../../../shared/sample.ts';

const insert = async (
  scene: Scene,
  ledger: Ledger,
  values: Record<string, unknown> & { Subject: string },
): Promise<void> => {
  const created = await scene.world.person<{ id: string }>('POST', '/sobjects/Case', values);
  if (!created) return;
  const [row] = await scene.world.query<CaseRow>(`SELECT Id, Sync_Key__c FROM Case WHERE Id = '${created.id}'`);
  ledger.note(row!.Sync_Key__c, 'Subject', 'salesforce', values.Subject, null);
};

const create: Action = (scene, ledger, serial) => insert(scene, ledger, { Subject: `created ${serial}` });

/** A tool of somebody else loads a Case with the identity of another: it is told, and nothing is made. */
const load: Action = async (scene, _ledger, serial) => {
  const model = pick(scene, await allCases(scene));
  const taken = await scene.world.person('POST', '/sobjects/Case', {
    Subject: `loaded ${serial}`,
    Sync_Key__c: '11111111-1111-4111-8111-111111111111',
    External_Id__c: model?.External_Id__c ?? 'SR-00000001',
    Sync_Status__c: 'Success',
    Sync_Version__c: 7,
  });
  if (taken !== undefined) throw new Violation(`a load brought the identity of ${model?.Sync_Key__c ?? 'nobody'}`);
};

/** A clone carries another record's identity: the trigger must give it its own. */
const clone: Action = async (scene, ledger, serial) => {
  const model = pick(scene, await allCases(scene));
  if (!model) return;
  const key = '22222222-2222-4222-8222-222222222222';
  const cloned = scene.world.apex(
    `Case copy = new Case(Sync_Key__c = '${key}', Sync_Status__c = 'Success', Sync_Version__c = 7).clone(false, true);
     copy.Subject = 'cloned ${serial}';
     insert copy;`,
  );
  if (!cloned) return;
  const [row] = (await allCases(scene)).filter(({ Subject }) => Subject === `cloned ${serial}`);
  if (row!.Sync_Key__c === key) throw new Violation(`a clone kept the key ${key}`);
  ledger.note(row!.Sync_Key__c, 'Subject', 'salesforce', `cloned ${serial}`, null);
};

const update: Action = async (scene, ledger, serial) => {
  const row = pick(scene, await allCases(scene));
  if (!row) return;
  const field = pick(scene, FIELDS)!;
  const value = `inside ${serial}`;
  if ((await scene.world.person('PATCH', `/sobjects/Case/${row.Id}`, { [field]: value })) !== undefined) {
    ledger.note(row.Sync_Key__c, field, 'salesforce', value, row[field] ?? null);
  }
};

/** Somebody saves what is there already: nobody changed anything, and nothing of the other side may be lost by it. */
const saveAgain: Action = async (scene) => {
  const row = pick(scene, await allCases(scene));
  if (!row) return;
  const field = pick(scene, FIELDS)!;
  await scene.world.person('PATCH', `/sobjects/Case/${row.Id}`, { [field]: row[field] });
};

/** In an org that has one, an integration with another system writes some Cases, and knows nothing of Concord. */
const writeBySecondIntegration: Action = async (scene, ledger, serial) => {
  const field = SAMPLE.play.ownedInside;
  const rows = (await allCases(scene)).filter(() => scene.random.next() < 0.5);
  const value = `inside ${serial}`;
  const values = rows.map(({ Id }) => `'${Id}' => '${value}'`).join(', ');
  if (
    rows.length === 0 ||
    !scene.world.apex(`SecondIntegration.write(new Map<Id, String>{ ${values} }, Case.${field});`)
  )
    return;
  // an agent may have saved one of them before this did: the value of the agent was given first
  await scene.met;
  const written = new Set((await allCases(scene)).filter((row) => row[field] === value).map(({ Id }) => Id));
  scene.world.network.count('host.second integration');
  for (const row of rows.filter(({ Id }) => written.has(Id)))
    ledger.note(row.Sync_Key__c, field, 'salesforce', value, row[field] ?? null);
};

/** Several Cases in one transaction; each is saved or refused for itself. One row is always refused. */
export const updateMany: Action = async (scene, ledger, serial) => {
  if (scene.world.hosted && serial % 2 === 0) return writeBySecondIntegration(scene, ledger, serial);
  const rows = (await allCases(scene)).filter(() => scene.random.next() < 0.5);
  if (rows.length === 0) return;
  const value = `inside ${serial}`;
  const results = await scene.world.person<{ success: boolean }[]>('PATCH', '/composite/sobjects', {
    allOrNone: false,
    records: [
      ...rows.map(({ Id }) => ({ attributes: { type: 'Case' }, id: Id, [SAMPLE.play.ownedInside]: value })),
      {
        attributes: { type: 'Case' },
        id: rows[0]!.Id.replace(/.{3}$/, 'AAA').replace(/^500.{12}/, '500999999999999'),
        Subject: 'nobody',
      },
    ],
  });
  results?.forEach(({ success }, index) => {
    const row = rows[index];
    if (success && row)
      ledger.note(row.Sync_Key__c, SAMPLE.play.ownedInside, 'salesforce', value, row[SAMPLE.play.ownedInside] ?? null);
  });
};

/** What no database but Salesforce's holds. */
const NUL = '\0';
const isSpoilt = ({ Subject }: CaseRow): boolean => Subject === null || Subject.includes(NUL);

/**
 * The registry refuses a record without a subject; the middle layer refuses, in its stead, one that it cannot carry.
 * Somebody gives it a sound one again: see `correct`.
 */
const spoil: Action = async (scene, ledger, serial) => {
  const row = pick(scene, await allCases(scene));
  if (!row) return;
  const value = serial % 3 === 0 ? `torn ${NUL} ${serial}` : null;
  if ((await scene.world.person('PATCH', `/sobjects/Case/${row.Id}`, { Subject: value })) !== undefined) {
    scene.world.network.count(value === null ? 'refusal.external' : 'refusal.middleLayer');
    ledger.note(row.Sync_Key__c, 'Subject', 'salesforce', value, row.Subject);
  }
};

export const correct: Action = async (scene, ledger, serial) => {
  for (const row of (await allCases(scene)).filter(isSpoilt)) {
    const value = `corrected ${serial}`;
    if ((await scene.world.person('PATCH', `/sobjects/Case/${row.Id}`, { Subject: value })) !== undefined) {
      ledger.note(row.Sync_Key__c, 'Subject', 'salesforce', value, row.Subject);
    }
  }
};

/** Corrected before the refusal arrives: it is of an older version then. */
const hasten: Action = async (scene, ledger, serial) => {
  await spoil(scene, ledger, serial);
  await scene.world.process(MIDDLE_LAYER).work();
  await scene.external.publish().catch(() => {});
  await scene.world.revive();
  await correct(scene, ledger, serial);
};

const remove: Action = async (scene, ledger) => {
  const row = pick(scene, await allCases(scene));
  if (row && (await scene.world.person('DELETE', `/sobjects/Case/${row.Id}`)) !== undefined)
    ledger.deletedInside.add(row.Sync_Key__c);
};

const restore: Action = async (scene, ledger) => {
  const { records } = await scene.world.salesforce<{ records: CaseRow[] }>(
    'GET',
    `/queryAll?q=${encodeURIComponent('SELECT Id, Sync_Key__c FROM Case WHERE IsDeleted = true AND MasterRecordId = null ORDER BY Id')}`,
  );
  const row = pick(scene, records);
  if (row && scene.world.apex(`Database.undelete('${row.Id}');`)) ledger.deletedInside.delete(row.Sync_Key__c);
};

/** Deleted by mistake, and restored while the deletion is on its way. */
const regret: Action = async (scene, ledger) => {
  const row = pick(scene, await allCases(scene));
  if (!row || (await scene.world.person('DELETE', `/sobjects/Case/${row.Id}`)) === undefined) return;
  ledger.deletedInside.add(row.Sync_Key__c);
  await scene.world.process(MIDDLE_LAYER).work();
  await scene.world.revive();
  if (scene.world.apex(`Database.undelete('${row.Id}');`)) ledger.deletedInside.delete(row.Sync_Key__c);
};

const merge: Action = async (scene, ledger) => {
  const rows = await allCases(scene);
  const master = pick(scene, rows);
  const loser = pick(
    scene,
    rows.filter((row) => row !== master),
  );
  if (master && loser && scene.world.apex(`Database.merge(new Case(Id = '${master.Id}'), '${loser.Id}');`))
    ledger.deletedInside.add(loser.Sync_Key__c);
};

/** An administrator stops the sync for a while. */
const pause: Action = async (scene) => {
  const [control] = await scene.world.query<{ Id: string; Active__c: boolean }>(
    "SELECT Id, Active__c FROM Sync_Control__c WHERE Key__c = 'Default'",
  );
  scene.world.network.count(control!.Active__c ? 'pause' : 'resume');
  await scene.world.salesforce('PATCH', `/sobjects/Sync_Control__c/${control!.Id}`, { Active__c: !control!.Active__c });
  scene.pause.isPaused = control!.Active__c;
};

export const resume: Action = async (scene, ledger, serial) => {
  const [control] = await scene.world.query<{ Active__c: boolean }>(
    "SELECT Active__c FROM Sync_Control__c WHERE Key__c = 'Default'",
  );
  if (!control!.Active__c) await pause(scene, ledger, serial);
};

/** Weighted. */
export const INSIDE: [weight: number, Action][] = [
  [6, create],
  [0.35, load],
  [0.35, clone],
  [8, update],
  [1, updateMany],
  [1, saveAgain],
  [0.5, spoil],
  [0.5, correct],
  [0.8, hasten],
  [0.5, remove],
  [0.3, restore],
  [0.4, regret],
  [0.15, merge],
  [0.4, pause],
  [0.4, resume],
];
