/** Types by name, as System.Type finds and makes them. */
import type { TypeRef } from '../../compiler/types.ts';
import type { Apex } from '../types.ts';
import { apexException, argumentsOf, baseOf, SObject } from '../values/index.ts';
import type { OrgContext } from './org-context.ts';
import type { RuntimeView } from './view.ts';

const COLLECTIONS: Record<string, { name: string; arguments: number }> = {
  list: { name: 'List', arguments: 1 },
  set: { name: 'Set', arguments: 1 },
  map: { name: 'Map', arguments: 2 },
};

/** Canonical name of a type: `list<case>` is `List<Case>`. Null when the org has no such type. */
export const typeForName = (org: OrgContext, namespace: string | null, name: string): TypeRef | null => {
  const spelled = name.replace(/\s+/g, '');
  const array = /^(.*)\[\]$/.exec(spelled);
  if (array) return typeForName(org, namespace, `List<${array[1]}>`);
  const collection = COLLECTIONS[baseOf(spelled).toLowerCase()];
  if (collection) {
    const parts = argumentsOf(spelled).map((part) => typeForName(org, null, part));
    if (parts.length !== collection.arguments || parts.includes(null)) return null;
    return `${collection.name}<${parts.join(',')}>`;
  }
  const qualified = namespace === null || namespace === '' ? spelled : `${namespace}.${spelled}`;
  const user = org.program.classInfo(spelled);
  if (user && (namespace === null || namespace === '')) return user.name;
  const platform = org.catalogue.types[qualified.toLowerCase().replace(/^system\./, '')];
  if (platform) return platform.name;
  return org.store.schema.objects.get(qualified.toLowerCase().replace(/^schema\./, ''))?.name ?? null;
};

/** `new T()`, for Type.newInstance. */
export const instantiate = ($: RuntimeView, type: TypeRef): Apex => {
  const { program, store } = $.transaction.org;
  const base = baseOf(type).toLowerCase();
  const user = program.classInfo(type);
  if (user) {
    if (user.kind !== 'class' || user.modifiers.includes('abstract'))
      throw apexException('TypeException', `Type cannot be constructed: ${type}`);
    return $.construct(user.name);
  }
  if (store.schema.objects.has(base)) return new SObject(store.schema.objects.get(base)!.name);
  const create = $.std[base]?.create;
  if (!create) throw apexException('TypeException', `Type cannot be constructed: ${type}`);
  return create(argumentsOf(type));
};
