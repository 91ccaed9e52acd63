import type { Clock } from 'kernel/clock.ts';
import type { Database } from '../database/database.ts';
import { addressParts } from '../schema/addresses.ts';
import { mastersOf } from '../schema/relationships.ts';
import type { ObjectSchema, Schema, Store } from '../types.ts';
import { loadGrants } from './grants.ts';
import type { Grants, ObjectRight } from './grants.ts';
import { accessKind, isPermissionable } from './permissioned-objects.ts';
import { groupsOf, subordinatesOf } from './sharing.ts';

/** Answers what users may do. Grants are kept until `forget` says that setup data changed. */
export class Permissions implements Pick<Store['permissions'], 'object' | 'field' | 'custom' | 'apexClass'> {
  readonly #database: Database;
  readonly #schema: Schema;
  readonly #clock: Clock;
  readonly #grants = new Map<string, Grants>();
  readonly #owners = new Map<string, string[]>();
  readonly #restricted = new Map<string, Set<string>>();

  constructor(database: Database, schema: Schema, clock: Clock) {
    this.#database = database;
    this.#schema = schema;
    this.#clock = clock;
  }

  /** Setup data may have changed: what is known of users is read again. */
  forget(): void {
    this.#grants.clear();
    this.#owners.clear();
    this.#restricted.clear();
  }

  object(userId: string, name: string, right: ObjectRight): boolean {
    const object = this.#schema.objects.get(name.toLowerCase());
    if (object === undefined) return false;
    const grants = this.#of(userId);
    if (grants.administrator || grants.modifyAllData) return true;
    if (grants.viewAllData && (right === 'read' || right === 'viewAll')) return true;
    const kind = accessKind(object);
    if (kind === 'everyone') return right !== 'modifyAll' && right !== 'viewAll';
    if (kind === 'setup') return right === 'read' || right === 'viewAll';
    const rights = grants.objects.get(name.toLowerCase());
    if (rights === undefined) return false;
    return (
      rights.has(right) ||
      rights.has('modifyAll') ||
      ((right === 'read' || right === 'viewAll') && rights.has('viewAll'))
    );
  }

  field(userId: string, objectName: string, fieldName: string, right: 'read' | 'edit'): boolean {
    const object = this.#schema.objects.get(objectName.toLowerCase());
    const field = object?.fields.get(fieldName.toLowerCase());
    if (object === undefined || field === undefined) return false;
    const grants = this.#of(userId);
    if (grants.administrator) return true;
    if (!this.object(userId, objectName, 'read')) return false;
    if (right === 'edit' && !this.#mayWrite(userId, object)) return false;
    if (field.type === 'address')
      return addressParts(object, field).every((part) => this.field(userId, objectName, part.field.name, right));
    if (!isPermissionable(object, field) || (grants.standardFields && !field.custom)) return true;
    return grants.fields.get(`${object.name}.${field.name}`.toLowerCase())?.has(right) === true;
  }

  custom(userId: string, permission: string): boolean {
    // Custom permissions must be assigned, to administrators too.
    return this.#of(userId).customPermissions.has(permission.toLowerCase());
  }

  apexClass(userId: string, className: string): boolean {
    const grants = this.#of(userId);
    return grants.administrator || grants.modifyAllData || grants.apexClasses.has(className.toLowerCase());
  }

  /** A user permission: `ActivateContract`. */
  user(userId: string, permission: string): boolean {
    const grants = this.#of(userId);
    return grants.administrator || grants.userPermissions.has(permission.toLowerCase());
  }

  /** Lower-cased names of the objects of which sharing hides rows from the user. */
  restrictedObjects(userId: string): ReadonlySet<string> {
    let restricted = this.#restricted.get(userId);
    if (restricted === undefined) {
      restricted = new Set(
        [...this.#schema.objects.values()]
          .filter((object) => this.#isRestricted(userId, object))
          .map((object) => object.name.toLowerCase()),
      );
      this.#restricted.set(userId, restricted);
    }
    return restricted;
  }

  /** Owners whose records the user sees under a private model: himself, his queues and groups, who is below him in the role hierarchy. */
  visibleOwners(userId: string): string[] {
    let owners = this.#owners.get(userId);
    if (owners === undefined)
      this.#owners.set(
        userId,
        (owners = [userId, ...groupsOf(this.#database, userId), ...subordinatesOf(this.#database, userId)]),
      );
    return owners;
  }

  /** Queues and groups that the user is in. */
  groups(userId: string): string[] {
    return groupsOf(this.#database, userId);
  }

  /** Whose records of the object sharing lets the user read or edit. */
  ownersInReach(userId: string, object: ObjectSchema, reach: 'read' | 'edit'): ReadonlySet<string> | 'all' {
    const { sharingModel } = object;
    const open = sharingModel !== 'Private' && (reach === 'read' || sharingModel !== 'Read');
    return open || !object.fields.has('ownerid') ? 'all' : new Set(this.visibleOwners(userId));
  }

  /** Details are hidden with their masters. */
  #isRestricted(userId: string, object: ObjectSchema): boolean {
    if (this.object(userId, object.name, 'viewAll')) return false;
    if (isPrivate(object)) return true;
    return mastersOf(object).some((field) =>
      this.#isRestricted(userId, this.#schema.objects.get(field.referenceTo![0]!.toLowerCase())!),
    );
  }

  #mayWrite(userId: string, object: ObjectSchema): boolean {
    return this.object(userId, object.name, 'edit') || this.object(userId, object.name, 'create');
  }

  #of(userId: string): Grants {
    let grants = this.#grants.get(userId);
    if (grants === undefined)
      this.#grants.set(userId, (grants = loadGrants(this.#database, userId, this.#clock.now())));
    return grants;
  }
}

const isPrivate = (object: ObjectSchema): boolean => object.sharingModel === 'Private' && object.fields.has('ownerid');
