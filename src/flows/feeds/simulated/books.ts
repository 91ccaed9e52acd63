/** What is known of the feeds from outside of them: what people touched, what the views said, what Salesforce may hold. */
import { NAMES } from './names.ts';
import type { World } from '../../../simulation/world.ts';
import { nameOf, type FeedKind } from './config.ts';
import { externalIdOf, judged, keyOf, type Judged, type Value } from './model.ts';
import { allHeld, heldOf, type Held } from './org.ts';
import type { Snapshot, Views } from './views.ts';

/** What one run saw of a view, what that means, and when it looked. */
export interface Seen {
  snapshot: Snapshot;
  judged: Judged;
  /** What happened before it was seen by the run's look at Salesforce. */
  since: number;
  /** Why a run must not write it unless a person says so; null: it may. */
  mustHold: string | null;
}

/** A bound is passed beyond doubt: people may touch a record or two meanwhile. */
const MARGIN = 0.2;

const same = (a: Held | undefined, b: Held | undefined): boolean => JSON.stringify(a) === JSON.stringify(b);

export class Books {
  readonly #world: World;
  readonly #views: Views;
  /** Counts all that happens. */
  #now = 0;
  /** When somebody other than the feeds, or a late copy, touched a record last, by its key. */
  readonly #touched = new Map<string, number>();
  /** Records, runs and refusals that a late copy of a request may have set back, by their keys. */
  readonly late = new Set<string>();
  /**
   * Look-ups that the restoring of a parent filled again, as `KEY FIELD`: Salesforce stamps nothing on its children, so no run looks at
   * them until their view changes.
   */
  readonly restored = new Set<string>();
  /** Values that a field may have, by key and field. */
  readonly #allowed = new Map<string, Set<Value>>();
  /** Keys that a view ever had. */
  readonly #ever = new Map<string, Set<string>>();
  /** What people wrote into the fields that are theirs, by the record's id. */
  readonly notes = new Map<string, string | null>();
  /** What each feed read last. */
  readonly lastRead = new Map<string, Seen>();
  /** What each feed has written last, as far as it is known; a run that ended unseen makes it unknown. */
  readonly lastWritten = new Map<string, Seen | null>();

  constructor(world: World, views: Views) {
    this.#world = world;
    this.#views = views;
  }

  /** The moment; everything that happens after it is later. */
  tick(): number {
    return ++this.#now;
  }

  touchedSince(key: string, since: number): boolean {
    return (this.#touched.get(key) ?? -1) >= since;
  }

  wasTouched(key: string): boolean {
    return this.#touched.has(key);
  }

  touch(key: string): void {
    this.#touched.set(key, this.tick());
  }

  /** Somebody does something in Salesforce: what differs afterwards is theirs, and so are the values. */
  async byOthers<T>(work: () => Promise<T>, { isLate = false, isRestore = false } = {}): Promise<T> {
    const before = await allHeld(this.#world);
    const result = await work();
    const after = await allHeld(this.#world);
    for (const key of new Set([...before.keys(), ...after.keys()])) {
      if (same(before.get(key), after.get(key))) continue;
      this.touch(key);
      if (isLate) this.late.add(key);
      const [was, now] = [before.get(key), after.get(key)];
      if (now) this.#allow(key, now.values);
      if (isRestore && was && now)
        for (const [field, value] of Object.entries(now.values))
          if (was.values[field] === null && value !== null) this.restored.add(`${key} ${field}`);
      if (now && before.get(key)?.note !== now.note && !isLate) this.notes.set(now.id, now.note);
      if (now && isLate) this.notes.delete(now.id);
    }
    return result;
  }

  #allow(key: string, values: Readonly<Record<string, Value>>): void {
    for (const [field, value] of Object.entries(values)) {
      const name = `${key} ${field}`;
      const known = this.#allowed.get(name) ?? new Set<Value>();
      this.#allowed.set(name, known.add(value));
    }
  }

  /** What a view says may be written from here on. */
  allow({ judged: { good, bad }, snapshot }: Seen): void {
    for (const [key, { values }] of good) this.#allow(key, values);
    if (snapshot.feed !== 'accounts') return;
    const there = new Set([...good.keys(), ...bad.keys()]);
    for (const key of this.everOf(snapshot.company, 'accounts'))
      if (!there.has(key)) this.#allow(key, { [NAMES.active]: false });
  }

  everOf(company: string, feed: string): Set<string> {
    const name = nameOf(company, feed);
    const ever = this.#ever.get(name) ?? new Set<string>();
    this.#ever.set(name, ever);
    return ever;
  }

  /** A run has begun to read a view. `since`: when it looked at Salesforce, or before. */
  async read(snapshot: Snapshot, since: number): Promise<Seen> {
    const { company, feed, rows } = snapshot;
    const found = judged(company, feed, rows);
    const held = await heldOf(this.#world, feed);
    const seen: Seen = { snapshot, judged: found, since, mustHold: this.#mustHold(snapshot, found, held) };
    const ever = this.everOf(company, feed);
    for (const row of rows) {
      const id = externalIdOf(company, row);
      if (id !== null) ever.add(keyOf(feed, id));
    }
    this.lastRead.set(nameOf(company, feed), seen);
    if (seen.mustHold === null) this.allow(seen);
    return seen;
  }

  /** The bounds of the policy, as docs/feeds.md tells them, where they are passed beyond doubt. */
  #mustHold({ company, feed, rows }: Snapshot, { good, bad }: Judged, held: ReadonlyMap<string, Held>): string | null {
    const ever = this.everOf(company, feed);
    const before = this.lastWritten.get(nameOf(company, feed));
    // what had vanished before, and passed or was released, does not hold another run
    const wasThere = (key: string): boolean => !before || before.judged.good.has(key) || before.judged.bad.has(key);
    const there = [...held.keys()].filter((key) => ever.has(key) && wasThere(key));
    if (there.length === 0) return null;
    if (rows.length === 0) return 'the view has no row';
    const gone = there.filter((key) => !good.has(key) && !bad.has(key));
    if (gone.length / ever.size > 0.5 + MARGIN) return `${gone.length} of ${ever.size} rows are gone`;
    if (!before) return null;
    const filled = (judgement: Judged, field: string): number =>
      [...judgement.good.values()].filter(({ values }) => values[field] !== null).length;
    for (const field of Object.keys([...before.judged.good.values()][0]?.values ?? {})) {
      const [had, has] = [filled(before.judged, field), filled({ good, bad, keyless: 0 }, field)];
      if (had > 2 && has === 0) return `${field} is empty everywhere, and had ${had} values`;
    }
    return null;
  }

  /** Values that nobody gave: from a view that was held, or from nowhere. */
  async strangers(): Promise<string[]> {
    const broken: string[] = [];
    for (const [key, { values, id, note }] of await allHeld(this.#world)) {
      const [feed, externalId] = key.split(' ') as [FeedKind, string];
      const company = externalId.split('-')[0]!.toUpperCase();
      if (!this.everOf(company, feed).has(key)) broken.push(`Salesforce has ${key}, which no view ever had`);
      for (const [field, value] of Object.entries(values)) {
        if (this.#allowed.get(`${key} ${field}`)?.has(value)) continue;
        broken.push(`${field} of ${key} is ${JSON.stringify(value)}, which nobody gave it`);
      }
      if (this.notes.has(id) && this.notes.get(id) !== note)
        broken.push(`people wrote ${this.notes.get(id)} into ${key}, and it is ${note}`);
    }
    return broken;
  }

  /** Views differ from what was read: somebody has to feed again. */
  isCurrent({ snapshot: { company, feed, rows } }: Seen): boolean {
    return JSON.stringify(rows) === JSON.stringify(this.#views.of(company, feed));
  }
}
