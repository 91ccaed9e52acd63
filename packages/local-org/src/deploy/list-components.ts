/** Which components of a metadata type the org's source has (Metadata API, listMetadata). */
import { OBJECT_CHILDREN, OBJECTS, type MetadataTypes } from './metadata-types.ts';
import { identify } from './read-components.ts';
import type { ListedComponent, SourceTree } from './types.ts';

const META = /-meta\.xml$/;

/** In the order of their names, each once. */
export const listComponents = (types: MetadataTypes, tree: SourceTree, type: string): ListedComponent[] => {
  const found = new Map<string, ListedComponent>();
  for (const path of tree.keys()) {
    const component = componentOf(types, path.replace(META, ''));
    if (component?.type === type) found.set(component.fullName, component);
  }
  return [...found.values()]
    .map(({ fullName, fileName }) => ({ fullName, fileName }))
    .sort((a, b) => (a.fullName < b.fullName ? -1 : 1));
};

const componentOf = (types: MetadataTypes, path: string): (ListedComponent & { type: string }) | null => {
  const [directory = '', ...below] = path.split('/');
  if (directory === OBJECTS) return objectPart(below);
  const type = below.length === 0 ? undefined : types.of(directory, path);
  if (type === undefined) return null;
  const { key, fullName } = identify(type, path, below);
  return { type: type.name, fullName, fileName: key };
};

/** In source format an object's fields and rules have files of their own; in a package they are in the object's. */
const objectPart = ([object = '', folder = '', file = '']: string[]): (ListedComponent & { type: string }) | null => {
  const fileName = `${OBJECTS}/${object}.object`;
  if (file === '') return folder === `${object}.object` ? { type: 'CustomObject', fullName: object, fileName } : null;
  const child = OBJECT_CHILDREN.find(({ element }) => element === folder);
  if (child === undefined) return null;
  return { type: child.type, fullName: `${object}.${file.slice(0, -child.suffix.length - 1)}`, fileName };
};
