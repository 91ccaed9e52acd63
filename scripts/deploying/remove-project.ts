import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Connection } from '@salesforce/core';
import { ComponentSet, DestructiveChangesType, type SourceComponent } from '@salesforce/source-deploy-retrieve';
import type { Progress } from '../../src/story/progress.ts';
import { directoriesOf } from './deploy-project.ts';
import { carryOut, keyOf, listed } from './transaction.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** A call that deletes records takes so many. */
const IDS_PER_CALL = 200;
/** More users than an org has. */
const MAX_ASSIGNMENTS = 10_000_000;

/** Nothing runs or is sent from here on, and no job holds its class. */
const SWITCH_OFF = 'ConcordSetup.pause(); ConcordSchedule.uninstall();';

export interface RemovePlan {
  samples: readonly string[];
  dryRun: boolean;
}

export interface Removed {
  /** As `Type Name`: what the org has of the project. */
  components: string[];
  /** How many users' permission sets are, or were, taken away. */
  assignments: number;
  /** Records of the objects that go, by object; those with none are left out. */
  records: Record<string, number>;
  /** What the org still has of the project afterwards. Empty on a dry run. */
  left: string[];
}

const isOwnObject = (name: string): boolean => /__(?:c|e|mdt)$/.test(name);

/** A standard object stays: its fields and rules go. A file of labels is not a component; its labels are. */
const componentsOf = (folders: readonly string[]): SourceComponent[] =>
  ComponentSet.fromSource([...folders])
    .getSourceComponents()
    .toArray()
    .flatMap((component) => {
      const { type, fullName } = component;
      const isContainer = type.name === 'CustomLabels' || (type.name === 'CustomObject' && !isOwnObject(fullName));
      return isContainer ? component.getChildren() : [component];
    });

/** Of these components, those that the org has. */
const standing = async (connection: Connection, components: readonly SourceComponent[]): Promise<SourceComponent[]> => {
  const found = await listed(connection, [...new Set(components.map(({ type }) => type.name))]);
  return components.filter((component) => found.has(keyOf(component)));
};

const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');

const named = (components: readonly SourceComponent[], type: string): string[] =>
  components.filter((component) => component.type.name === type).map(({ fullName }) => fullName);

const assignmentsOf = async (connection: Connection, components: readonly SourceComponent[]): Promise<string[]> => {
  const sets = named(components, 'PermissionSet');
  if (sets.length === 0) return [];
  const { records } = await connection.query<{ Id: string }>(
    `SELECT Id FROM PermissionSetAssignment WHERE PermissionSet.Name IN (${quoted(sets)})`,
    { autoFetch: true, maxFetch: MAX_ASSIGNMENTS },
  );
  return records.map(({ Id }) => Id);
};

const recordsOf = async (
  connection: Connection,
  components: readonly SourceComponent[],
): Promise<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const object of named(components, 'CustomObject').filter((name) => name.endsWith('__c'))) {
    const { totalSize } = await connection.query(`SELECT COUNT() FROM ${object}`);
    if (totalSize > 0) counts[object] = totalSize;
  }
  return counts;
};

const switchOff = async (connection: Connection): Promise<void> => {
  const result = await connection.tooling.executeAnonymous(SWITCH_OFF);
  if (!result.success)
    throw new Error(
      `the sync could not be switched off, so nothing was removed: ${result.compileProblem ?? result.exceptionMessage}; run as a user who may run Apex and change settings`,
    );
};

const unassign = async (connection: Connection, ids: readonly string[]): Promise<void> => {
  for (let at = 0; at < ids.length; at += IDS_PER_CALL) {
    const results = await connection.sobject('PermissionSetAssignment').destroy(ids.slice(at, at + IDS_PER_CALL));
    const failed = results.find(({ success }) => !success);
    if (failed) throw new Error(`a permission set could not be taken from its user: ${JSON.stringify(failed.errors)}`);
  }
};

const removeComponents = async (
  connection: Connection,
  components: readonly SourceComponent[],
  progress: Progress,
): Promise<void> => {
  const set = new ComponentSet();
  for (const component of components) set.add(component, DestructiveChangesType.POST);
  await carryOut(set, connection, {}, ({ status }) =>
    progress.show(`removing ${components.length} components: ${status}`),
  );
};

/**
 * Takes all of Concord, and of these samples, out of an org: switches the sync off, takes the permission sets from their
 * users, deletes the components (and the records of its objects with them) in one transaction, and looks whether
 * anything is left. Throws Error that lists what the org refused; what was switched off stays off.
 */
export const removeProject = async (
  connection: Connection,
  { samples, dryRun }: RemovePlan,
  progress: Progress,
): Promise<Removed> => {
  const all = componentsOf(directoriesOf(samples).map((path) => join(ROOT, path)));
  const components = await standing(connection, all);
  const assignments = await assignmentsOf(connection, components);
  const found = {
    components: components.map(keyOf).sort(),
    assignments: assignments.length,
    records: await recordsOf(connection, components),
  };
  if (dryRun || components.length === 0) return { ...found, left: [] };
  if (named(components, 'ApexClass').includes('ConcordSetup')) await switchOff(connection);
  await unassign(connection, assignments);
  await removeComponents(connection, components, progress);
  return { ...found, left: (await standing(connection, all)).map(keyOf).sort() };
};
