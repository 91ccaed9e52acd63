/** What an org says of an object: the describe, as far as feeds need it (REST API Developer Guide, "sObject Describe"). */
import type { SalesforceClient } from '../shared/salesforce/client.ts';
import { expected } from '../shared/expected.ts';
import { isArrayOf, isPlain, type Plain } from '../shared/shapes.ts';

export interface DescribedField {
  name: string;
  label: string;
  type: string;
  length: number;
  precision: number;
  scale: number;
  nillable: boolean;
  defaultedOnCreate: boolean;
  createable: boolean;
  updateable: boolean;
  externalId: boolean;
  unique: boolean;
  caseSensitive: boolean;
  restrictedPicklist: boolean;
  picklistValues: { value: string; active: boolean }[];
  relationshipName: string | null;
  referenceTo: string[];
}

export interface DescribedObject {
  name: string;
  createable: boolean;
  updateable: boolean;
  /** By name in lower case: names of Salesforce have no case. */
  fields: Map<string, DescribedField>;
}

const isFields = (value: unknown): value is Plain[] =>
  isArrayOf(value, isPlain) && value.every(({ name, type }) => typeof name === 'string' && typeof type === 'string');

/** The object as the user of the session may see it: what field-level security hides is not there. One API call. */
export const describeObject = async (client: SalesforceClient, object: string): Promise<DescribedObject> => {
  const answer = await client.get<Plain>(`/sobjects/${object}/describe`);
  const fields = expected(
    answer?.fields,
    isFields,
    'Salesforce',
    `the fields of ${object}`,
  ) as unknown as DescribedField[];
  return {
    name: String(answer.name),
    createable: answer.createable === true,
    updateable: answer.updateable === true,
    fields: new Map(fields.map((field) => [field.name.toLowerCase(), field])),
  };
};

export const fieldOf = (object: DescribedObject, name: string): DescribedField | null =>
  object.fields.get(name.toLowerCase()) ?? null;
