/** The sample that the story and the simulation deploy besides the product: fields, rows and the registry's rules, all data. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SAMPLES = new URL('../../samples/', import.meta.url);
const file = (name: string): string => fileURLToPath(new URL(`nyc311/${name}`, SAMPLES));

/** A field of which the simulation's people give values of its own form. */
export interface TypedField {
  field: string;
  type: 'text' | 'number' | 'boolean' | 'date' | 'datetime';
  owner: 'salesforce' | 'external';
  /** Of a number: decimal digits that are kept. */
  digits?: number;
  /** Of text, where it is not any. */
  form?: 'five digits' | 'title case' | 'lines';
  /** The only values; several people may give the same one. */
  values?: string[];
  /** One that Salesforce stores and the registry refuses. */
  refused?: string | number;
}

interface Description {
  /** Gives the fields to a user. */
  permissionSet: string;
  /** Fields that the simulation's people write: free text owned by the external system, and by Salesforce, and what has a form of its own. */
  play: { ownedOutside: string; ownedInside: string; typed: TypedField[] };
}

/** What the hostile org does with Cases that come from outside, and the fields that it syncs besides. */
interface HostDescription {
  /** Gives those fields to a user. */
  permissionSet: string;
  typed: TypedField[];
  bornOutside: {
    /** Developer names. */
    recordType: string;
    queue: string;
    /** The synced field whose value names the parent, and the parent's object and field. */
    parent: { named: string; lookup: string; object: string; field: string };
  };
}

const read = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T;

const { permissionSet, play } = read<Description>(file('sample.json'));

export const SAMPLE = {
  rows: file('rows.csv'),
  mapping: file('mapping.json'),
  registryRules: file('registry-rules.json'),
  permissionSet,
  play,
};

/** Package directory of an org around the sample whose own automation works on the same Cases. */
export const HOSTILE_ORG = fileURLToPath(new URL('hostile-org/main', SAMPLES));

/** What is told of it: `hostile-org.json`. */
export const HOSTILE = read<HostDescription>(fileURLToPath(new URL('hostile-org/hostile-org.json', SAMPLES)));
