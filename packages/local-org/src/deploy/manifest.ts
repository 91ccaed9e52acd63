/** package.xml, and the manifests of what is to be deleted. */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { BadDeployment } from './types.ts';

/** Members by metadata type; `*` stands for all. */
export type Manifest = Map<string, Set<string>>;

interface TypeElement {
  name?: string;
  members?: string[];
}

const parser = (): XMLParser =>
  new XMLParser({
    parseTagValue: false,
    ignoreDeclaration: true,
    isArray: (name) => name === 'types' || name === 'members',
  });

/** Throws BadDeployment when the text is no manifest. */
export const readManifest = (fileName: string, text: string): Manifest => {
  const valid = XMLValidator.validate(text);
  if (valid !== true)
    throw new BadDeployment(`${fileName} is not well-formed at line ${valid.err.line}: ${valid.err.msg}`);
  const { Package: root } = parser().parse(text) as { Package?: { types?: TypeElement[] } | '' };
  if (root === undefined) throw new BadDeployment(`${fileName}: the root element is not <Package>`);
  const manifest: Manifest = new Map();
  for (const { name, members } of root === '' ? [] : (root.types ?? [])) {
    if (name === undefined) throw new BadDeployment(`${fileName}: <types> has no <name>`);
    manifest.set(name, new Set([...(manifest.get(name) ?? []), ...(members ?? [])]));
  }
  return manifest;
};

export const names = (manifest: Manifest, type: string, fullName: string): boolean => {
  const members = manifest.get(type);
  return members !== undefined && (members.has('*') || members.has(fullName));
};
