/** What the package directories of the product put into an org, read from their source. */
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** What every org gets; samples are for demonstrations. */
const PRODUCT = 'force-app/*/main/default';

export interface Field {
  object: string;
  name: string;
  type: string;
  indexed: boolean;
  description: string;
}

export interface Described {
  name: string;
  description: string;
}

export interface Footprint {
  fields: Field[];
  /** Custom objects, settings, custom metadata types and platform events. */
  objects: Described[];
  triggers: { name: string; object: string; events: string }[];
  /** Apex classes that a request from outside reaches, by path. */
  resources: { path: string; className: string; description: string }[];
  permissions: Described[];
  permissionSets: Described[];
}

const UNESCAPED: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
};

/** The text of the first such element, or an empty one. */
const element = (xml: string, name: string): string =>
  (new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? '')
    .replace(/&(?:amp|lt|gt|quot|apos);/g, (entity) => UNESCAPED[entity]!)
    .replaceAll(/\s+/g, ' ')
    .trim();

/** The first sentence of the comment before a class. */
const summary = (apex: string): string =>
  (/\/\*\*([^]*?)\*\//.exec(apex)?.[1] ?? '')
    .replaceAll(/^\s*\*\s?/gm, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/(?<=\.)\s[^]*$/, '');

export const readFootprint = (root: string): Footprint => {
  const files = (pattern: string): { path: string; text: string }[] =>
    globSync(`${PRODUCT}/${pattern}`, { cwd: root })
      .toSorted()
      .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
  const described = (pattern: string, suffix: string): Described[] =>
    files(pattern).map(({ path, text }) => ({
      name: basename(path, suffix),
      description: element(text, 'description'),
    }));
  return {
    fields: files('objects/*/fields/*.field-meta.xml').map(({ path, text }) => ({
      object: basename(dirname(dirname(path))),
      name: basename(path, '.field-meta.xml'),
      type: element(text, 'type'),
      indexed: /<(?:externalId|unique)>true<|<type>(?:Lookup|MasterDetail)</.test(text),
      description: element(text, 'description'),
    })),
    objects: described('objects/*/*.object-meta.xml', '.object-meta.xml'),
    triggers: files('triggers/*.trigger').map(({ path, text }) => {
      const [, object = '', events = ''] = /\bon\s+(\w+)\s*\(([^)]*)\)/.exec(text) ?? [];
      return { name: basename(path, '.trigger'), object, events: events.replaceAll(/\s+/g, ' ') };
    }),
    resources: files('classes/**/*.cls').flatMap(({ path, text }) => {
      const mapping = /@RestResource\(\s*urlMapping\s*=\s*'([^']+)'/.exec(text)?.[1];
      return mapping === undefined
        ? []
        : [{ path: mapping, className: basename(path, '.cls'), description: summary(text) }];
    }),
    permissions: described('customPermissions/*.customPermission-meta.xml', '.customPermission-meta.xml'),
    permissionSets: described('permissionsets/*.permissionset-meta.xml', '.permissionset-meta.xml'),
  };
};
