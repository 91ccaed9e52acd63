import { quote } from '../../database/database.ts';
import type { FieldSchema, ObjectSchema } from '../../types.ts';
import type { PlanScope } from './scope.ts';

/** How many relationships a path may climb (SOQL and SOSL reference, relationship query limits). */
export const MAX_PARENT_LEVELS = 5;

/** A table of the query with the parents joined to it so far. */
export class Source {
  readonly object: ObjectSchema;
  readonly alias: string;
  readonly #scope: PlanScope;
  readonly #parents = new Map<string, Parent>();
  readonly #root: Source;
  /** LEFT JOINs in order; kept at the root. */
  readonly #joins: string[] = [];

  constructor(scope: PlanScope, object: ObjectSchema, root?: Source) {
    this.#scope = scope;
    this.object = object;
    this.alias = scope.alias();
    this.#root = root ?? this;
  }

  /** `"Case" t0 LEFT JOIN "Account" t1 ON …` */
  get fromClause(): string {
    return [`${quote(this.object.name)} ${this.alias}`, ...this.#joins].join(' ');
  }

  column(field: FieldSchema): string {
    return `${this.alias}.${quote(field.name)}`;
  }

  /** The parent behind a relationship of this object, joined on first use; null when there is no such relationship. */
  parent(relationship: string): Parent | null {
    const key = relationship.toLowerCase();
    const known = this.#parents.get(key);
    if (known !== undefined) return known;
    const field = [...this.object.fields.values()].find((each) => each.relationshipName?.toLowerCase() === key);
    if (field === undefined) return null;
    const parent = this.#join(field);
    this.#parents.set(key, parent);
    return parent;
  }

  #join(field: FieldSchema): Parent {
    const sources = (field.referenceTo ?? []).map((target) => {
      const object = this.#scope.schema.objects.get(target.toLowerCase())!;
      const source = new Source(this.#scope, object, this.#root);
      this.#root.#joins.push(
        `LEFT JOIN ${quote(object.name)} ${source.alias} ON ${source.alias}."Id" = ${this.column(field)}`,
      );
      return source;
    });
    return { field, sources };
  }
}

/** What a lookup leads to: one source, or for a polymorphic lookup one for each object it may point to. */
export interface Parent {
  field: FieldSchema;
  sources: Source[];
}
