/** What the middle layer tells operators of its queue, against the rows: counted and sorted here, and not by its statements. */
import { MIDDLE_LAYER, OPERATOR_TOKEN } from './middle-layer.ts';
import type { Entry } from './message-model.ts';
import type { World } from './world.ts';

/** A message that is open or dead, with its open dead letter. */
interface Row {
  flow: string;
  target: string;
  kind: string;
  state: string;
  key: string;
  attempts: number;
  id: number | null;
  code: string | null;
  cause: string | null;
  history: unknown[] | null;
}

interface Letter {
  id: number;
  flow: string;
  target: string;
  kind: string;
  key: string;
  code: string;
  attempts?: number;
}

/** Of each key so many entries are asked for, and are there beside those that are more. */
const LAST = 3;
/** Keys whose story is asked for. */
const KEYS = 3;
const PAGE = 2;

const COUNTED = ['flow', 'target', 'kind', 'state'] as const;
const countsOf = (rows: readonly Row[]): string[] =>
  [...Map.groupBy(rows, (row) => COUNTED.map((name) => row[name]).join(' '))].map(
    ([name, all]) => `${name} ${all.length}`,
  );

class Told {
  readonly broken: string[] = [];
  readonly #world: World;
  readonly #carried: readonly string[];

  constructor(world: World, carried: readonly string[]) {
    this.#world = world;
    this.#carried = carried;
  }

  async #ask<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await this.#world.process(MIDDLE_LAYER).ask({
      method,
      url: path,
      headers: { authorization: `Bearer ${OPERATOR_TOKEN}`, 'content-type': 'application/json' },
      body: body === undefined ? '' : JSON.stringify(body),
    });
    return JSON.parse(answer!.body) as T;
  }

  #same(what: string, told: unknown, is: unknown): void {
    const [a, b] = [JSON.stringify(told), JSON.stringify(is)];
    if (a !== b) this.broken.push(`middle layer: ${what} as it tells: ${a}, as it is: ${b}`);
  }

  async status(rows: readonly Row[]): Promise<void> {
    const { db } = this.#world;
    const { queue, flows } = await this.#ask<{
      queue: { open: number; nextAttemptAt: number | null; messages: (Row & { count: number })[] };
      flows: Record<string, { paused: string | null; counters: Record<string, number> }>;
    }>('GET', '/v1/status');
    const told = queue.messages.map((row) => `${COUNTED.map((name) => row[name]).join(' ')} ${row.count}`);
    this.#same('what waits or is dead', told.toSorted(), countsOf(rows).toSorted());
    const open = rows.filter(({ state }) => state !== 'dead').length;
    this.#same('how many messages are open', queue.open, open);
    const states = await db.query<{ flow: string; pause: string | null }>(
      'SELECT flow, pause FROM flow_state WHERE flow = ANY($1)',
      [this.#carried],
    );
    for (const { flow, pause } of states) this.#same(`why ${flow} stands still`, flows[flow]?.paused, pause);
    const counters = await db.query<{ flow: string; name: string; value: number }>(
      'SELECT * FROM counter WHERE flow = ANY($1)',
      [this.#carried],
    );
    for (const { flow, name, value } of counters)
      this.#same(`the counter ${name} of ${flow}`, flows[flow]?.counters[name], value);
    const mayGo = states.some(
      ({ flow, pause }) => pause === null && rows.some((row) => row.flow === flow && row.state !== 'dead'),
    );
    this.#same('whether something waits for its next attempt', queue.nextAttemptAt !== null, mayGo);
  }

  /** All pages of a list, in the order in which they are told. */
  async #pages<T>(path: string, name: string): Promise<T[]> {
    const all: T[] = [];
    for (let next: number | null = 0; next !== null;) {
      const page: Record<string, unknown> = await this.#ask('GET', `${path}limit=${PAGE}&after=${next}`);
      all.push(...(page[name] as T[]));
      next = page.next as number | null;
    }
    return all;
  }

  /** `dead`: those whose dead letter is open, in the order in which they died. */
  async letters(dead: readonly Row[]): Promise<void> {
    const named = ({ id, flow, target, kind, key, code }: Letter | Row): unknown[] => [
      id,
      flow,
      target,
      kind,
      key,
      code,
    ];
    const told = await this.#pages<Letter>('/v1/dead-letters?', 'deadLetters');
    this.#same('the dead letters', told.map(named), dead.map(named));
    for (const name of ['flow', 'target', 'kind', 'code'] as const)
      for (const value of new Set(dead.map((row) => row[name]!))) {
        const { matched } = await this.#ask<{ matched: number }>('POST', '/v1/dead-letters/retry', {
          [name]: value,
          dryRun: true,
        });
        this.#same(
          `the number of dead letters of the ${name} ${value}`,
          matched,
          dead.filter((row) => row[name] === value).length,
        );
      }
    for (const { id, history } of dead.slice(0, 1)) {
      const one = await this.#ask<{ history: unknown[]; resolution: string | null }>('GET', `/v1/dead-letters/${id}`);
      this.#same(`the dead letter ${id}`, [one.resolution, one.history.length], [null, history!.length]);
    }
  }

  async ready(dead: readonly Row[]): Promise<void> {
    const { attention } = await this.#ask<{ attention: string[] }>('GET', '/ready');
    const told = attention.filter((line) => line.includes('refused for good as'));
    const groups = [...Map.groupBy(dead, ({ flow, code }) => `${flow} ${code}`).values()];
    this.#same('how many causes of dead letters there are', told.length, groups.length);
    for (const group of groups) {
      const { flow, code } = group[0]!;
      const first = group.slice(0, 3).map(({ key }) => key);
      const more = group.length > first.length ? `, and ${group.length - first.length} more` : '';
      const line = `${flow}: refused for good as ${code} (${group.length} records: ${first.join(', ')}${more})`;
      if (!told.some((each) => each.startsWith(line)))
        this.broken.push(`middle layer: readiness tells ${JSON.stringify(told)} and not: ${line}`);
    }
  }

  async stories(dead: readonly Row[]): Promise<void> {
    const { db } = this.#world;
    const busiest = await db.query<{ key: string }>(
      'SELECT key FROM audit GROUP BY key ORDER BY count(*) DESC, key LIMIT $1',
      [KEYS],
    );
    const keys = [...new Set([...dead.slice(0, KEYS).map(({ key }) => key), ...busiest.map(({ key }) => key)])];
    if (keys.length === 0) return;
    const entries = await db.query<Entry>('SELECT seq, key FROM audit WHERE key = ANY($1) ORDER BY seq', [keys]);
    const { trails } = await this.#ask<{
      trails: { key: string; entries: Entry[]; more: boolean; deadLetters: Letter[] }[];
    }>('POST', '/v1/audit', { keys, last: LAST });
    this.#same(
      'whose story was asked for',
      trails.map(({ key }) => key),
      keys,
    );
    for (const trail of trails) {
      const all = entries.filter(({ key }) => key === trail.key).map(({ seq }) => seq);
      const story = `the story of ${trail.key}`;
      this.#same(
        story,
        trail.entries.map(({ seq }) => seq),
        all.slice(-LAST),
      );
      this.#same(`whether there is more to ${story}`, trail.more, all.length > LAST);
      const letters = dead.filter(({ key }) => key === trail.key);
      const named = ({ id, code, attempts }: Letter | Row): unknown[] => [id, code, attempts];
      this.#same(`the dead letters in ${story}`, trail.deadLetters.map(named), letters.map(named));
    }
    const [first] = keys;
    const whole = await this.#pages<Entry>(`/v1/audit?key=${first}&`, 'entries');
    const all = entries.filter(({ key }) => key === first).map(({ seq }) => seq);
    this.#same(
      `all of the story of ${first}`,
      whole.map(({ seq }) => seq),
      all,
    );
  }
}

/** What the middle layer tells operators of the flows that it carries and is not so, a line each. Asked while nothing breaks and nobody is at work. */
export const toldWrongly = async (world: World, carried: readonly string[]): Promise<string[]> => {
  const rows = await world.db.query<Row>(
    `SELECT m.flow, m.target, m.kind, m.state, m.key, m.attempts, d.seq AS id, d.code, d.cause, d.history
       FROM message m LEFT JOIN dead_letter d ON d.message_seq = m.seq
      WHERE m.state IN ('queued', 'sending', 'dead') ORDER BY d.seq, m.seq`,
  );
  const dead = rows.filter(({ state }) => state === 'dead');
  const told = new Told(world, carried);
  await told.status(rows);
  await told.letters(dead);
  await told.ready(dead);
  await told.stories(dead);
  return told.broken;
};
