/** Where synced fields are checked: in the source of a project, as a local org of it tells, or in an org. */
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createOrg } from 'local-org';
import { ShiftableClock } from 'kernel/clock.ts';
import { UnusableInput } from 'kernel/command-line.ts';
import { seededRandom } from 'kernel/random.ts';
import { isOneOf } from '../../src/shared/salesforce/soql.ts';
import { API_VERSION } from '../../src/shared/salesforce/version.ts';
import { isStatus } from './check.ts';
import { packageDirectories } from '../metadata/package-directories.ts';
import type { Checked, FieldDescription, ObjectsOfFlows, ScopeRecord, SyncedFieldRecord } from './types.ts';

type Row = Record<string, unknown>;

/** The parts of a describe that the check reads. */
export interface ObjectDescription {
  fields: FieldDescription[];
  recordTypeInfos: { developerName: string }[];
}

/** What the check asks an org. */
export interface OrgReader {
  query(soql: string): Promise<Row[]>;
  describe(object: string): Promise<ObjectDescription>;
}

const RECORDS =
  'SELECT DeveloperName, Field__c, Flow__c FROM Synced_Field__mdt WHERE Active__c = TRUE ORDER BY Field__c';

const rowsOf = (org: OrgReader, type: string, soql: string): Promise<Row[]> =>
  org.query(soql).catch((error: Error) => {
    throw new UnusableInput(
      `the records of ${type} cannot be read (${error.message.split('\n').at(-1)}); deploy force-app/core, or let this user read the custom metadata type`,
      { cause: error },
    );
  });

const readRecords = async (
  org: OrgReader,
  placeOf: (developerName: string) => string,
): Promise<SyncedFieldRecord[]> => {
  const rows = await rowsOf(org, 'Synced_Field__mdt', RECORDS);
  return rows.map((row) => ({
    developerName: String(row.DeveloperName),
    field: String(row.Field__c),
    flow: (row.Flow__c as string | null) ?? null,
    place: placeOf(String(row.DeveloperName)),
  }));
};

const SCOPE =
  'SELECT DeveloperName, Field__c, Flow__c, Operator__c, Values__c FROM Sync_Scope__mdt WHERE Active__c = TRUE ORDER BY DeveloperName';

const readScope = async (org: OrgReader, placeOf: (developerName: string) => string): Promise<ScopeRecord[]> =>
  (await rowsOf(org, 'Sync_Scope__mdt', SCOPE)).map((row) => ({
    field: String(row.Field__c),
    flow: (row.Flow__c as string | null) ?? null,
    operator: String(row.Operator__c),
    values: ((row.Values__c as string | null) ?? '').split('\n').flatMap((line) => line.trim() || []),
    place: placeOf(String(row.DeveloperName)),
  }));

/** The fields and record types of the objects that records are for, by object; fields by their names in lower case. */
const readObjects = async (
  org: OrgReader,
  records: readonly { flow: string | null }[],
  objects: ObjectsOfFlows,
): Promise<Pick<Checked, 'fields' | 'recordTypes'>> => {
  const wanted = new Set(records.flatMap(({ flow }) => objects.get((flow ?? '').toLowerCase()) ?? []));
  const fields = new Map<string, ReadonlyMap<string, FieldDescription>>();
  const recordTypes = new Map<string, string[]>();
  for (const object of wanted) {
    const described = await org.describe(object);
    fields.set(object, new Map(described.fields.map((field) => [field.name.toLowerCase(), field])));
    recordTypes.set(
      object,
      described.recordTypeInfos.map(({ developerName }) => developerName),
    );
  }
  return { fields, recordTypes };
};

/** What this user sees of an org: it should be the integration user. */
export const inOrg = async (org: OrgReader, objects: ObjectsOfFlows): Promise<Checked> => {
  const records = await readRecords(org, (name) => `custom metadata record Synced_Field.${name}`);
  const scope = await readScope(org, (name) => `custom metadata record Sync_Scope.${name}`);
  return {
    records,
    scope,
    ...(await readObjects(org, [...records, ...scope], objects)),
    absent: (object) =>
      `is not there, or this user may not read it; create it on ${object}, or assign a permission set with Read and Edit on it, or deactivate the record`,
    access: (_, object, { createable, updateable }) =>
      createable && updateable
        ? null
        : `may not be edited by this user; assign a permission set with Edit on the field and Create and Edit on ${object} (this should be the integration user)`,
  };
};

const readerOf = ({ handle, info }: Pick<ReturnType<typeof createOrg>, 'handle' | 'info'>): OrgReader => {
  const get = async <T>(path: string): Promise<T> => {
    const { status, body } = await handle({
      method: 'GET',
      url: `/services/data/v${API_VERSION}${path}`,
      headers: { authorization: `Bearer ${info.accessToken}` },
      body: '',
    });
    const answer = JSON.parse(body) as T | [{ message: string }];
    if (status !== 200) throw new Error((answer as [{ message: string }])[0].message);
    return answer as T;
  };
  return {
    query: async (soql) => (await get<{ records: Row[] }>(`/query?q=${encodeURIComponent(soql)}`)).records,
    describe: (object) => get<ObjectDescription>(`/sobjects/${object}/describe`),
  };
};

/** Metadata files of a kind, by component name, with the package directory that each is in. */
const filesOf = (root: string, suffix: string): Map<string, { path: string; directory: string }> =>
  new Map(
    packageDirectories(root).flatMap((directory) =>
      globSync(`${directory}/**/*.${suffix}-meta.xml`, { cwd: root }).map(
        (path): [string, { path: string; directory: string }] => [
          basename(path, `.${suffix}-meta.xml`),
          { path, directory },
        ],
      ),
    ),
  );

const GRANTS =
  'SELECT Parent.Name, Field FROM FieldPermissions WHERE PermissionsEdit = TRUE AND Parent.IsOwnedByProfile = FALSE';

const INTEGRATION = /_Integration$/;

/** Whether a package directory is that of another flow: its permission sets need not be given where that one is not deployed. */
const isOfAnother = (flow: string | null, directory: string): boolean => {
  const [, name = 'core'] = /^force-app\/([^/]+)/.exec(directory) ?? [];
  return name !== 'core' && name !== flow && flow !== null;
};

/**
 * The permission sets of a project that give the integration user a field of a flow: those called `…_Integration`, of
 * any package directory but those of other flows; where that of the record has none, all of it, such as the one set of
 * a package of fields.
 */
const integrationSets = (root: string, flow: string | null, directory: string | undefined): string[] => {
  const sets = [...filesOf(root, 'permissionset')].filter(([, set]) => !isOfAnother(flow, set.directory));
  const ofIntegration = sets.filter(([name]) => INTEGRATION.test(name));
  const own = sets.filter(([, set]) => set.directory === directory);
  const fromOwn = own.some(([name]) => INTEGRATION.test(name)) ? [] : own;
  return [...ofIntegration, ...fromOwn].map(([name]) => name);
};

/** Whether a record's file gives its flow. The local org fills in the field's default where it does not; a deployment need not. */
const saysFlow = (path: string): boolean => /<field>Flow__c<\/field>/.test(readFileSync(path, 'utf8'));

const openSource = (root: string): ReturnType<typeof createOrg> => {
  try {
    return createOrg({ projectDir: root, clock: new ShiftableClock(0), random: seededRandom(1) });
  } catch (error) {
    const problems = (error as { problems?: { file: string; problem: string }[] }).problems ?? [];
    const lines = problems.map(({ file, problem }) => `\n  ${file}: ${problem}`);
    throw new UnusableInput(
      `the source of this project cannot be read: ${(error as Error).message.split('\n')[0]}${lines.join('')}`,
      { cause: error },
    );
  }
};

/** The package directories of the project in the folder `root`. Throws UnusableInput naming the files that cannot be read. */
export const inSource = async (root: string, objects: ObjectsOfFlows): Promise<Checked> => {
  const org = openSource(root);
  try {
    const reader = readerOf(org);
    const files = filesOf(root, 'md');
    const fileOf = (name: string): { path: string; directory: string } | undefined => files.get(`Synced_Field.${name}`);
    const listed = await readRecords(reader, (name) => fileOf(name)!.path);
    const records = listed.map((record) => (saysFlow(join(root, record.place)) ? record : { ...record, flow: null }));
    const scope = await readScope(reader, (name) => files.get(`Sync_Scope.${name}`)!.path);
    const { fields, recordTypes } = await readObjects(reader, [...records, ...scope], objects);
    const names = [...fields].flatMap(([object, ofObject]) =>
      records.flatMap(({ field }) => {
        const known = ofObject.get(field.toLowerCase());
        return known ? [`${object}.${known.name}`] : [];
      }),
    );
    const grants = names.length === 0 ? [] : await reader.query(`${GRANTS} AND ${isOneOf('Field', names)}`);
    const setsWithEdit = (object: string, field: string): string[] =>
      grants.filter((row) => row.Field === `${object}.${field}`).map((row) => (row.Parent as { Name: string }).Name);
    return {
      records,
      scope,
      fields,
      recordTypes,
      absent: (object, field) =>
        `is in no package directory; create ${field} on ${object}, or correct Field__c, or deactivate the record`,
      access: ({ developerName, flow }, object, { name, permissionable }) => {
        const sets = integrationSets(root, flow, fileOf(developerName)?.directory);
        if (!permissionable || isStatus(name) || setsWithEdit(object, name).some((set) => sets.includes(set)))
          return null;
        return `may not be edited by the integration user; give Read and Edit on ${object}.${name} in one of these permission sets: ${sets.join(', ') || 'make one in the package directory of the record'}`;
      },
    };
  } finally {
    org.close();
  }
};
