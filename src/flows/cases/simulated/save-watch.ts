import { contentOf, type ContentType, type ContentValue } from '../../../shared/digest/content.ts';
import { cellsOf, elementOf, LARGE_TABLES, SMALL_CELLS, SMALL_TABLES } from '../../../shared/digest/element.ts';
import type { World } from '../../../simulation/world.ts';
import {
  begun,
  changedHere,
  differences,
  type Held,
  isOvertaken,
  leftScope,
  MODELLED,
  retriedHere,
} from './case-model.ts';

const numbered = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `Digest_${name}_${index + 1}__c`);

const DIGEST = [
  'Digest_K1__c',
  'Digest_K2__c',
  'Digest_D__c',
  'Digest_C__c',
  ...numbered('Large', LARGE_TABLES),
  ...numbered('Small', SMALL_TABLES),
] as const;

/** A save of one Case; of several, or by Apex that names Cases. */
const ONE = /^\/sobjects\/Case\/(\w{15,18})$/;
const NEW = /^\/sobjects\/Case$/;
/** A Case that comes back is as it was. */
const UNDELETE = /Database\.undelete\(/;
/** The master is named first. */
const MERGE = /Database\.merge\(new Case\(Id = '(\w+)'/;
const MANY = /^\/composite\/sobjects|\bCase|Database\./;

interface Tombstone extends Record<string, unknown> {
  Id: string;
  Case_Id__c: string;
  Kind__c: string;
  Pending__c: string | null;
  Sync_Key__c: string;
  External_Id__c: string | null;
  Master_Key__c: string | null;
}

interface Look {
  cases: Map<string, Held>;
  tombstones: Map<string, Tombstone>;
}

/** What is watched: a world, and the save of the agent who came last into a transaction. */
interface Watched {
  readonly world: World;
  readonly met: Promise<void>;
}

/** What a Case in the scope must have for its digest, and one out of it: nothing. */
const digestOf = (held: Held, types: Record<string, ContentType>): ContentValue[] => {
  if (held.Sync_Status__c === null) return DIGEST.map(() => null);
  const element = elementOf(held.Sync_Key__c, contentOf(held, types));
  const cells = cellsOf(element);
  const { k1, k2, d, c } = element;
  const small = cells.slice(0, SMALL_TABLES).map((cell) => cell % SMALL_CELLS);
  return [k1, k2, d, c, ...cells.map(String), ...small.map(String)];
};

/**
 * Watches what Salesforce makes of the saves of people: which version leaves, what stays as it was, what a digest says, and
 * which tombstone a Case leaves, against a model of the protocol (`case-model.ts`).
 */
export class SaveWatch {
  readonly broken: string[] = [];
  readonly #scene: Watched;
  readonly #types: Record<string, ContentType>;
  /** Who comes into another's transaction, or saves past the trigger, is judged elsewhere. */
  #isOff = false;
  #judged: Promise<void> = Promise.resolve();

  /** `types`: of all synced fields. */
  constructor(scene: Watched, types: Record<string, ContentType>) {
    this.#scene = scene;
    this.#types = types;
  }

  /** A save at this path, or by this Apex, under watch. */
  over<T>(what: string, save: () => T): T {
    const { world } = this.#scene;
    const one = ONE.exec(what)?.[1];
    if (this.#isOff || !world.isJudged || !(one || MANY.test(what) || NEW.test(what))) return save();
    const filter = one ? `WHERE Id = '${one}'` : NEW.test(what) ? 'ORDER BY Id DESC LIMIT 1' : '';
    const { met } = this.#scene;
    const now = Math.floor(world.clock.now() / 1000) * 1000;
    // all is done when the promises are made: nothing comes in between
    const [before, saved, after] = [this.#look(filter), save(), this.#look(filter)];
    this.#judged = Promise.all([this.#judged, before, after]).then(([, was, is]) => {
      // unless an agent came into the transaction
      if (this.#scene.met === met) this.#judge(what, was, is, now);
    });
    return saved;
  }

  /** From here on people save past the trigger, or records come back from a backup. */
  end(): void {
    this.#isOff = true;
  }

  /** Saves that come into the transactions of others. */
  aside<T>(save: () => T): T {
    const was = this.#isOff;
    this.#isOff = true;
    try {
      return save();
    } finally {
      this.#isOff = was;
    }
  }

  /** Once all that was saved is judged. */
  async settled(): Promise<string[]> {
    await this.#judged;
    return this.broken;
  }

  #judge(what: string, was: Look, is: Look, now: number): void {
    const fresh = [...is.tombstones.values()].filter(({ Id }) => !was.tombstones.has(Id));
    const masterKey = is.cases.get(MERGE.exec(what)?.[1] ?? '')?.Sync_Key__c ?? null;
    // of one that is made only the newest is looked at
    const looked = NEW.test(what) ? is.cases.keys() : new Set([...was.cases.keys(), ...is.cases.keys()]);
    for (const id of looked) {
      const [before, after] = [was.cases.get(id) ?? null, is.cases.get(id) ?? null];
      const told = fresh.filter(({ Case_Id__c: of }) => of === id);
      const problems = [
        ...(after ? this.#problems(what, before, after, now) : []),
        ...tombstoneProblems({ what, before, after, masterKey }, told),
      ];
      for (const problem of problems) this.broken.push(`a save of Case ${id}: ${problem}; ${what.slice(0, 300)}`);
    }
  }

  #problems(what: string, before: Held | null, after: Held, now: number): string[] {
    const { hosted } = this.#scene.world;
    if (!before && UNDELETE.test(what)) return [];
    const isChanged = !before || contentOf(before, this.#types) !== contentOf(after, this.#types);
    const wanted = this.#wanted(before, after, isChanged, now);
    const fits = wanted.some((held) => differences(held, after).length === 0);
    // the automation of the org saves once more, and may take back what it was given
    const isAgain = hosted && before !== null && after.Sync_Status__c !== null && isOvertaken(before, after);
    const isTouched = isChanged || differences(before, after).length > 0;
    const wrong = fits || isAgain ? [] : [`${differences(wanted[0]!, after).join('; ')}`];
    const digest = isTouched ? digestOf(after, this.#types) : null;
    if (digest && DIGEST.some((name, index) => (after[name] ?? null) !== digest[index]))
      wrong.push(
        `its digest is ${DIGEST.map((name) => after[name]).join(', ')}, not ${digest.join(', ')}, of ${contentOf(after, this.#types)}`,
      );
    return wrong;
  }

  /** What may have become of the Case, the likeliest first. */
  #wanted(before: Held | null, after: Held, isChanged: boolean, now: number): Partial<Held>[] {
    const isUnder = after.Sync_Status__c !== null;
    if (!before) return isUnder ? [begun(now)] : [{ Sync_Pending__c: null, Sync_Version__c: null }];
    if (before.Sync_Status__c === null) return [isUnder ? changedHere(before, now) : before];
    if (!isUnder) return [leftScope(before)];
    if (isChanged) return [changedHere(before, now)];
    return before.Sync_Status__c === 'Failed' ? [before, retriedHere(before, now)] : [before];
  }

  async #look(filter: string): Promise<Look> {
    const { world } = this.#scene;
    const columns = ['Id', ...DIGEST, ...MODELLED, ...Object.keys(this.#types)].join(', ');
    const [cases, tombstones] = [
      world.query<Held>(`SELECT ${columns} FROM Case ${filter}`),
      world.query<Tombstone>(
        'SELECT Id, Case_Id__c, Kind__c, Pending__c, Sync_Key__c, External_Id__c, Master_Key__c FROM Sync_Tombstone__c',
      ),
    ];
    const [rows, told] = [await cases, await tombstones];
    return {
      cases: new Map(rows.map((row) => [row.Id, row])),
      tombstones: new Map(told.map((row) => [row.Id, row])),
    };
  }
}

/** One Case in a save. */
interface Saved {
  what: string;
  before: Held | null;
  after: Held | null;
  /** The key of the Case into which others were merged. */
  masterKey: string | null;
}

/** What a save must tell of a Case that went away, came back, left the scope or entered it: once, and of no other. */
const tombstoneProblems = (saved: Saved, told: readonly Tombstone[]): string[] => {
  const kind = kindOf(saved);
  const { Sync_Key__c: key, External_Id__c: number } = (saved.after ?? saved.before)!;
  const wanted = kind === null ? [] : [[kind, 'Pending', key, number, kind === 'Merged' ? saved.masterKey : null]];
  const found = told.map((row) => [
    row.Kind__c,
    row.Pending__c,
    row.Sync_Key__c,
    row.External_Id__c,
    row.Master_Key__c,
  ]);
  return JSON.stringify(found) === JSON.stringify(wanted)
    ? []
    : [`the tombstones are ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`];
};

const kindOf = ({ what, before, after }: Saved): string | null => {
  const [was, is] = [before?.Sync_Status__c ?? null, after?.Sync_Status__c ?? null];
  if (!after) return was === null ? null : MERGE.test(what) ? 'Merged' : 'Deleted';
  if (!before) return UNDELETE.test(what) && is !== null ? 'Undeleted' : null;
  if ((was === null) === (is === null) || before.Sync_Key__c === null) return null;
  return is === null ? 'Left Scope' : 'Entered Scope';
};
