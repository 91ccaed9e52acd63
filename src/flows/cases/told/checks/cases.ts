import { until, type World } from '../../../../story/checks.ts';

/** A Case as the checks look at it. */
export interface CaseRow {
  Id: string;
  Subject: string;
  Sync_Key__c: string;
  Sync_Status__c: string | null;
  Sync_Version__c: number;
  Sync_Pending__c: string | null;
  Sync_Error_Code__c: string | null;
  External_Id__c: string | null;
  Status: string | null;
}

const COLUMNS =
  'Id, Subject, Sync_Key__c, Sync_Status__c, Sync_Version__c, Sync_Pending__c, Sync_Error_Code__c, External_Id__c, Status';

export const createCase = async (world: World, fields: Record<string, unknown>): Promise<string> => {
  const { id } = await world.admin.sobject('Case').create({ Origin: 'Web', ...fields });
  if (!id) throw new Error('the org created a Case without telling its id');
  world.madeIds.add(id);
  return id;
};

const readWhere = async ({ admin }: World, condition: string): Promise<CaseRow[]> =>
  (await admin.query<CaseRow>(`SELECT ${COLUMNS} FROM Case WHERE ${condition}`)).records;

export const readCase = async (world: World, id: string): Promise<CaseRow> => {
  const [row] = await readWhere(world, `Id = '${id}'`);
  if (!row) throw new Error(`the Case ${id} is gone`);
  return row;
};

/** Waits until the Case is as wanted. */
export const untilCase = (
  world: World,
  condition: string,
  what: string,
  wanted: (row: CaseRow) => boolean,
): Promise<CaseRow> =>
  until<CaseRow>(world, what, async () => {
    const [row] = await readWhere(world, condition);
    return row && wanted(row) ? { done: row } : { seen: row ?? 'no Case' };
  });

/** Waits until both sides agree on this version. */
export const untilSuccess = (world: World, id: string, version: number): Promise<CaseRow> =>
  untilCase(
    world,
    `Id = '${id}'`,
    `version ${version} of the Case reaches Success`,
    (row) => row.Sync_Status__c === 'Success' && row.Sync_Version__c === version && row.Sync_Pending__c === null,
  );
