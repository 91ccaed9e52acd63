export type Side = 'salesforce' | 'external';

/** A value may be emptied: then it is null. */
type LastValues = Partial<Record<Side, string | null>>;

const otherSide = (side: Side): Side => (side === 'salesforce' ? 'external' : 'salesforce');

/** What people did: the last value each side gave a field of a record, so that the end can be judged. */
export class Ledger {
  readonly #last = new Map<string, Map<string, LastValues>>();
  readonly #ever = new Map<string, Map<string | null, Side>>();
  readonly #onItsWay = new Map<string, (string | null)[]>();
  /** Keys whose record was deleted outside. */
  readonly deletedOutside = new Set<string>();
  /** Keys of records that were deleted in Salesforce, or merged away, and not restored. */
  readonly deletedInside = new Set<string>();
  /** Keys of requests that were accepted before there was a record of them on any side. */
  readonly accepted = new Set<string>();

  /** Records that were entered outside, by key: the values that they began with. */
  readonly bornOutside = new Map<string, Readonly<Record<string, string | null>>>();
  readonly #left = new Set<string>();

  /** A side has lost a part of its history: who saw what cannot be told, so a field may keep what either side gave. */
  readonly isAfterRestore: boolean;

  constructor({ isAfterRestore = false } = {}) {
    this.isAfterRestore = isAfterRestore;
  }

  /** An edit made after seeing the other side's value supersedes it. */
  note(key: string, field: string, side: Side, value: string | null, seen: string | null): void {
    const name = `${key} ${field}`;
    if (this.#left.has(name)) return;
    const fields = this.#last.get(key) ?? new Map<string, LastValues>();
    this.#last.set(key, fields);
    this.#ever.set(name, (this.#ever.get(name) ?? new Map<string | null, Side>()).set(value, side));
    const values = { ...fields.get(field), [side]: value };
    const other = otherSide(side);
    if (values[other] === seen) delete values[other];
    fields.set(field, values);
  }

  /** A value was given that does not tell who gave it: from here on nobody can say which must win. */
  leave(key: string, field: string): void {
    this.#left.add(`${key} ${field}`);
    this.#last.get(key)?.delete(field);
  }

  /** Every value that anybody, or one side, gave a field of a record. */
  everGiven(key: string, field: string, by?: Side): ReadonlySet<string | null> {
    const given = [...(this.#ever.get(`${key} ${field}`) ?? [])];
    return new Set(given.filter(([, side]) => by === undefined || side === by).map(([value]) => value));
  }

  /** A value that was given before those noted, and may still be on its way: it may come last. */
  mayArrive(key: string, field: string, value: string | null): void {
    const name = `${key} ${field}`;
    this.#onItsWay.set(name, [...(this.#onItsWay.get(name) ?? []), value]);
  }

  /** The last value that each side gave a field of a record, unless the other saw it and gave another. */
  given(): [key: string, field: string, values: (string | null)[]][] {
    return [...this.#last].flatMap(([key, fields]) =>
      [...fields].map(([field, values]): [string, string, (string | null)[]] => [key, field, Object.values(values)]),
    );
  }

  /**
   * The values that a field of a record may have in the end: the last that was given, or that of the field's owner when
   * neither side saw what the other gave.
   */
  entries(ownerOf: (field: string) => Side): [key: string, field: string, candidates: (string | null)[]][] {
    if (this.isAfterRestore)
      return this.given().map(([key, field, values]) => [
        key,
        field,
        [...values, ...(this.#onItsWay.get(`${key} ${field}`) ?? [])],
      ]);
    return [...this.#last].flatMap(([key, fields]) =>
      [...fields].map(([field, values]): [string, string, (string | null)[]] => {
        const owner = ownerOf(field);
        const last = owner in values ? values[owner] : values[otherSide(owner)];
        return [key, field, [last ?? null, ...(this.#onItsWay.get(`${key} ${field}`) ?? [])]];
      }),
    );
  }
}
