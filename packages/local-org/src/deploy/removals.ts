/** What destructiveChanges.xml and its kin ask to delete. */
import type { Manifest } from './manifest.ts';
import { lockedProblem } from './locked-classes.ts';
import { failure, success, warning } from './messages.ts';
import { OBJECT_CHILDREN, OBJECTS, type MetadataTypes } from './metadata-types.ts';
import { componentKey } from './source-tree.ts';
import type { DeployTarget } from './target.ts';
import type { ComponentMessage } from './types.ts';

export interface Removals {
  /** Keys of the components to take out. */
  keys: Set<string>;
  messages: ComponentMessage[];
}

/** Their rows would stay behind. */
const LEAVE_ROWS = new Set(['Profile', 'Queue', 'RecordType']);

const ASSIGNED = 'The permission set is assigned to users: remove the assignments first';

interface Request {
  types: MetadataTypes;
  target: DeployTarget;
  fileName: string;
  manifest: Manifest;
}

export const readRemovals = ({ types, target, fileName, manifest }: Request): Removals => {
  const there = new Set([...target.tree().keys()].map((path) => componentKey(types, path)));
  const locked = target.lockedClasses();
  const assigned = target.assignedPermissionSets();
  const removals: Removals = { keys: new Set(), messages: [] };
  for (const [type, members] of manifest) {
    for (const fullName of members) {
      const named = { type, fullName, fileName };
      const keys = [...there].filter((key) => isKeyOf(types, type, fullName.toLowerCase(), key));
      const job = type === 'ApexClass' ? locked.get(fullName.toLowerCase()) : undefined;
      if (job !== undefined) {
        removals.messages.push(failure(named, lockedProblem(job)));
      } else if (type === 'PermissionSet' && assigned.has(fullName.toLowerCase())) {
        removals.messages.push(failure(named, ASSIGNED));
      } else if (LEAVE_ROWS.has(type)) {
        removals.messages.push(failure(named, `deleting a ${type} is not supported by the local org`));
      } else if (keys.length === 0) {
        removals.messages.push(warning(named, `No ${type} named: ${fullName} found`));
      } else {
        for (const key of keys) removals.keys.add(key);
        removals.messages.push(success(named, 'deleted'));
      }
    }
  }
  return removals;
};

const isKeyOf = (types: MetadataTypes, type: string, fullName: string, key: string): boolean => {
  if (type === 'CustomObject') return key.startsWith(`${OBJECTS}/${fullName}/`);
  const child = OBJECT_CHILDREN.find((each) => each.type === type);
  if (child) {
    const [object, name] = fullName.split('.');
    return key === `${OBJECTS}/${object}/${child.element}/${name}.${child.suffix}`.toLowerCase();
  }
  const known = types.named(type);
  if (known === undefined) return false;
  const path = `${known.directory}/${fullName}`.toLowerCase();
  return known.shape === 'bundle' || known.directory === 'staticresources'
    ? key === path
    : key === `${path}.${known.suffix ?? ''}`.toLowerCase();
};
