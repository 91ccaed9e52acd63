/** The sample that the story and the simulation deploy besides the product: fields, rows and the registry's rules, all data. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SAMPLES = new URL('../../samples/', import.meta.url);
const file = (name: string): string => fileURLToPath(new URL(`nyc311/${name}`, SAMPLES));

interface Description {
  /** Gives the fields to a user. */
  permissionSet: string;
  /** Free text fields that the simulation's people write: one owned by the external system, one by Salesforce. */
  play: { ownedOutside: string; ownedInside: string };
}

const { permissionSet, play } = JSON.parse(readFileSync(file('sample.json'), 'utf8')) as Description;

export const SAMPLE = {
  rows: file('rows.csv'),
  mapping: file('mapping.json'),
  registryRules: file('registry-rules.json'),
  permissionSet,
  play,
};

/** Package directory of an org around the sample whose own automation works on the same Cases. */
export const HOSTILE_ORG = fileURLToPath(new URL('hostile-org/main', SAMPLES));
