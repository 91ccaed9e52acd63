import { readFileSync } from 'node:fs';

/** How the registry writes a value, whatever was sent. */
export type Spelling = 'one line' | 'lines' | 'title case' | 'upper case' | 'degrees' | 'whole seconds';

/** What the registry knows of one field. All but `required` holds for values that are there. */
export interface FieldRule {
  spelling?: Spelling;
  required?: boolean;
  /** Characters. */
  maxLength?: number;
  oneOf?: string[];
  /** A regular expression, and in words what it stands for. */
  pattern?: string;
  expected?: string;
  /** An ISO 8601 date and time. */
  instant?: boolean;
  /** A number from the first to the second. */
  range?: [low: number, high: number];
}

/** By field, in the order in which they are checked. */
export type FieldRules = ReadonlyMap<string, FieldRule>;

/** The content of a file of rules, such as registry-rules.json of the sample. */
export interface RulesFile {
  fields: Record<string, FieldRule>;
}

/** The standard fields of Case that the product syncs. */
export const STANDARD_FIELDS: RulesFile = {
  fields: {
    Subject: { required: true, maxLength: 255 },
    Description: { spelling: 'lines', maxLength: 32_000 },
    Status: { oneOf: ['New', 'Working', 'Escalated', 'Closed'] },
    Priority: {},
    Origin: {},
  },
};

/** The rules of the standard fields, and after them those of the given files. */
export const fieldRules = (...files: RulesFile[]): FieldRules =>
  new Map([STANDARD_FIELDS, ...files].flatMap(({ fields }) => Object.entries(fields)));

/** Throws an Error that names the file. */
export const readRules = (path: string): RulesFile => {
  try {
    const file = JSON.parse(readFileSync(path, 'utf8')) as RulesFile;
    if (typeof file.fields !== 'object' || file.fields === null) throw new Error('it has no "fields"');
    return file;
  } catch (error) {
    throw new Error(`${path} holds no rules of fields: ${(error as Error).message}`);
  }
};
