import type { CatalogueMethod, CatalogueType, TypeCatalogue } from '../src/compiler/types.ts';
import type { ClassFile } from './class-file.ts';
import { ABSTRACT, ENUM, INTERFACE, PUBLIC, STATIC, SYNTHETIC } from './class-file.ts';
import { apexName, apexType, readClass, readMethod, readType } from './signature.ts';

const NAMESPACES = new Set([
  'System',
  'ApexPages',
  'Approval',
  'Auth',
  'cache',
  'Compression',
  'DataWeave',
  'Database',
  'Datacloud',
  'dom',
  'eventbus',
  'Flow',
  'FormulaEval',
  'Invocable',
  'Messaging',
  'Metadata',
  'Package',
  'Process',
  'QuickAction',
  'Schema',
  'Search',
]);

export type TypeOverlay = {
  remove: string[];
  types: Record<string, Partial<CatalogueType> & { addMethods?: CatalogueMethod[]; removeMethods?: string[] }>;
};

export function buildTypeCatalogue(classes: Iterable<ClassFile>, overlay: TypeOverlay): TypeCatalogue {
  const found = new Map<string, CatalogueType>();
  for (const file of classes) {
    const namespace = file.name.split('/').at(-2) ?? '';
    if (NAMESPACES.has(namespace)) {
      const type = catalogueType(file);
      found.set(type.name.toLowerCase(), type);
    }
  }
  for (const name of overlay.remove) found.delete(name.toLowerCase());
  for (const [name, change] of Object.entries(overlay.types)) {
    const { addMethods = [], removeMethods = [], ...rest } = change;
    const key = name.toLowerCase();
    const type: CatalogueType = { ...(found.get(key) ?? { name, kind: 'class' }), ...rest };
    const methods = (type.methods ?? []).filter((method) => !removeMethods.includes(method.name)).concat(addMethods);
    if (methods.length > 0) type.methods = methods;
    if (type.constructors?.length === 0) delete type.constructors;
    found.set(key, type);
  }
  return { types: Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1))) };
}

function catalogueType(file: ClassFile): CatalogueType {
  const type: CatalogueType = { name: apexType(file.name), kind: kindOf(file) };
  if (type.kind === 'enum') {
    type.values = file.fields.filter((field) => field.flags & ENUM).map((field) => apexName(field.name));
    return type;
  }
  if (type.kind === 'class' && file.flags & ABSTRACT) type.abstract = true;
  addParents(type, file);
  const constructors: CatalogueType['constructors'] = [];
  const methods: CatalogueMethod[] = [];
  for (const method of file.methods) {
    if (!(method.flags & PUBLIC) || method.flags & SYNTHETIC) continue;
    const signature = readMethod(method.signature);
    const parameters = signature.parameters.map((parameter) => ({ type: parameter }));
    if (method.name === '<init>') constructors.push(parameters);
    else
      methods.push({
        name: apexName(method.name),
        static: Boolean(method.flags & STATIC),
        parameters,
        returns: signature.returns,
      });
  }
  const fields = file.fields
    .filter((field) => field.flags & PUBLIC && !(field.flags & SYNTHETIC))
    .map((field) => ({
      name: apexName(field.name),
      static: Boolean(field.flags & STATIC),
      type: readType(field.signature),
    }));
  // Java gives every class a constructor; one that has static members only has none in Apex.
  const onlyStatic = methods.length + fields.length > 0 && [...methods, ...fields].every((member) => member.static);
  if (constructors.length > 0 && !onlyStatic) type.constructors = constructors;
  if (methods.length > 0) type.methods = distinct(methods);
  if (fields.length > 0) type.fields = fields;
  return type;
}

function kindOf(file: ClassFile): CatalogueType['kind'] {
  if (file.flags & ENUM) return 'enum';
  return file.flags & INTERFACE ? 'interface' : 'class';
}

function addParents(type: CatalogueType, file: ClassFile): void {
  const parents =
    file.signature === undefined
      ? {
          typeParameters: [],
          superclass: apexType(file.superName ?? 'java/lang/Object'),
          interfaces: file.interfaces.map(apexType),
        }
      : readClass(file.signature);
  if (parents.typeParameters.length > 0) type.typeParameters = parents.typeParameters;
  if (parents.superclass !== 'Object') type.superclass = parents.superclass;
  if (parents.interfaces.length > 0) type.interfaces = parents.interfaces;
}

/** Overloads that differ in Java only (an erased or internal type) are one method in Apex. */
function distinct(methods: CatalogueMethod[]): CatalogueMethod[] {
  const seen = new Set<string>();
  return methods.filter((method) => {
    const key = `${method.name.toLowerCase()}(${method.parameters.map((parameter) => parameter.type).join(',')})`;
    return !seen.has(key) && Boolean(seen.add(key));
  });
}
