/** What the check asks of an org: rows of SOQL, in the data API and the Tooling API, and the describe of an object. */
export interface RulesReader {
  query: (soql: string) => Promise<Record<string, unknown>[]>;
  tooling: (soql: string) => Promise<Record<string, unknown>[]>;
  describe: (object: string) => Promise<ObjectDescription>;
}

/** The part of a describe that the check reads (REST API Developer Guide, sObject Describe). */
export interface ObjectDescription {
  label: string;
  fields: {
    name: string;
    type: string;
    nillable: boolean;
    createable: boolean;
    defaultedOnCreate: boolean;
  }[];
}

/** What a rule can do to a save of Concord. */
export type Effect = 'can refuse' | 'can change values' | 'lets Concord pass';

export interface Rule {
  kind:
    | 'validation rule'
    | 'flow'
    | 'workflow rule'
    | 'trigger'
    | 'assignment rule'
    | 'approval process'
    | 'duplicate rule'
    | 'required field';
  name: string;
  effect: Effect;
  /** What it does, and what to do about it. */
  text: string;
}
