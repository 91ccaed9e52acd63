/** The components of a package, in source format, and what is wrong with its layout. */
import { names, type Manifest } from './manifest.ts';
import { failure } from './messages.ts';
import { OBJECTS, type MetadataType, type MetadataTypes } from './metadata-types.ts';
import type { Package } from './read-zip.ts';
import { splitObject } from './split-object.ts';
import { BadDeployment, type Component, type ComponentMessage } from './types.ts';

export interface PackageContents {
  components: Component[];
  problems: ComponentMessage[];
}

const META = '-meta.xml';
/** Manifests at the top of a package. */
const MANIFESTS = /^(package|destructiveChanges(Pre|Post)?)\.xml$/;
/** Custom labels are one file, of which a manifest may name single labels. */
const MEMBERS_OF: Record<string, string> = { CustomLabels: 'CustomLabel' };

export const readComponents = (types: MetadataTypes, { root, files }: Package, manifest: Manifest): PackageContents => {
  const found = new Map<string, Component & { files: Map<string, Uint8Array>; shape: MetadataType['shape'] }>();
  const problems: ComponentMessage[] = [];
  const components: Component[] = [];
  for (const [path, content] of files) {
    if (MANIFESTS.test(path)) continue;
    const [directory = '', ...below] = path.split('/');
    const bare = path.replace(new RegExp(`${META}$`), '');
    const type = below.length === 0 ? undefined : types.of(directory, bare);
    const fileName = root + bare;
    if (type === undefined) {
      problems.push(
        failure({ type: '', fullName: path, fileName }, `${path} is of no metadata type that the local org knows`),
      );
    } else if (directory === OBJECTS) {
      collect(components, problems, { fileName, name: nameBelow(bare, type), content });
    } else {
      const { key, fullName } = identify(type, bare, below);
      const component = found.get(key) ?? {
        type: type.name,
        fullName,
        fileName: root + key,
        files: new Map(),
        shape: type.shape,
      };
      component.files.set(type.shape === 'xml' && !path.endsWith(META) ? path + META : path, content);
      found.set(key, component);
    }
  }
  for (const { shape, ...component } of found.values()) {
    const missing = shape === 'content' && missingFile(component);
    if (missing) problems.push(failure(component, missing));
    else components.push(component);
  }
  return {
    components,
    problems: [...problems, ...unlisted(components, manifest), ...absent(components, problems, manifest)],
  };
};

const collect = (
  components: Component[],
  problems: ComponentMessage[],
  { fileName, name, content }: { fileName: string; name: string; content: Uint8Array },
): void => {
  try {
    components.push(...splitObject(fileName, name, content));
  } catch (error) {
    if (!(error instanceof BadDeployment)) throw error;
    problems.push(failure({ type: 'CustomObject', fullName: name, fileName }, error.message));
  }
};

/** `reports/Folder/A.report` is `Folder/A`; what follows a static resource's name is not its name. */
const nameBelow = (path: string, { directory, suffix }: MetadataType): string => {
  const name = path.slice(directory.length + 1);
  return suffix && name.endsWith(`.${suffix}`) ? name.slice(0, -suffix.length - 1) : name;
};

/** What the files of one component have in common. */
export const identify = (type: MetadataType, bare: string, below: string[]): { key: string; fullName: string } =>
  type.shape === 'bundle'
    ? { key: `${type.directory}/${below[0]}`, fullName: below[0]! }
    : { key: bare, fullName: nameBelow(bare, type) };

const missingFile = ({ fileName, files }: Component): string | null => {
  const paths = [...files.keys()];
  if (!paths.some((path) => path.endsWith(META))) return `${fileName}${META} is missing in the zipped directory`;
  return paths.length === 1 ? `${fileName} is missing in the zipped directory` : null;
};

const unlisted = (components: Component[], manifest: Manifest): ComponentMessage[] =>
  components
    .filter((component) => !isNamed(component, manifest))
    .map((component) => failure(component, 'Not in package.xml'));

/** A manifest that names an object names all that its file holds. */
const isNamed = ({ type, fullName, fileName }: Component, manifest: Manifest): boolean => {
  if (names(manifest, type, fullName)) return true;
  const members = MEMBERS_OF[type];
  if (members !== undefined && manifest.has(members)) return true;
  return fileName.endsWith('.object') && names(manifest, 'CustomObject', fullName.split('.')[0]!);
};

const absent = (components: Component[], problems: ComponentMessage[], manifest: Manifest): ComponentMessage[] => {
  const there = new Set([
    ...components.map(({ type, fullName }) => `${type} ${fullName}`),
    ...problems.map(({ componentType, fullName }) => `${componentType} ${fullName}`),
  ]);
  const objects = new Set(
    components.filter(({ type }) => type === 'CustomField').map(({ fullName }) => fullName.split('.')[0]),
  );
  return [...manifest].flatMap(([type, members]) =>
    [...members]
      .filter((name) => name !== '*' && type !== MEMBERS_OF.CustomLabels && !there.has(`${type} ${name}`))
      .filter((name) => !(type === 'CustomObject' && objects.has(name)))
      .map((name) =>
        failure(
          { type, fullName: name, fileName: 'package.xml' },
          `An object '${name}' of type ${type} was named in package.xml, but was not found in zipped directory`,
        ),
      ),
  );
};
