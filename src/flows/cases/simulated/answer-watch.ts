import type { Handler, HttpRequest } from 'kernel/http.ts';
import type { ContentType } from '../../../shared/digest/content.ts';
import type { World } from '../../../simulation/world.ts';
import { withBeside } from './beside.ts';
import {
  afterRefusal,
  type Call,
  differences,
  type Expected,
  expectedOf,
  type Held,
  holdsValues,
  isOvertaken,
  type Line,
  MODELLED,
  type Told,
} from './case-model.ts';

const CALL = /^\/services\/apexrest\/concord\/v1\/cases\/(apply|acknowledge|write-back|deletion)$/;

/** What is watched: a world, and the save of the agent who came last into a transaction. */
interface Watched {
  readonly world: World;
  readonly met: Promise<void>;
}

interface Heard {
  call: Call;
  told: Told;
  line: Line;
  before: Held | null;
  after: Held | null;
}

const callOf = ({ method, url }: HttpRequest): Call | null =>
  method === 'POST' ? ((CALL.exec(url)?.[1] ?? null) as Call | null) : null;

const quoted = (values: readonly string[]): string => values.map((value) => `'${value}'`).join(', ');

/** Of several records of one key the states in between cannot be seen. */
const isAlone = ({ key }: Told, all: readonly Told[]): boolean => all.filter((told) => told.key === key).length === 1;

/**
 * Watches what Salesforce makes of what it is told: each line of its answers, and each Case before and after, against a model
 * of the protocol (`case-model.ts`), whatever comes twice, late or out of order.
 */
export class AnswerWatch {
  readonly broken: string[] = [];
  /** Keys whose deletion outside is written down: once. */
  readonly #deleted = new Set<string>();
  readonly #scene: Watched;
  readonly #types: Record<string, ContentType>;

  /** `types`: of all synced fields. */
  constructor(scene: Watched, types: Record<string, ContentType>) {
    this.#scene = scene;
    this.#types = types;
  }

  /** The org, under watch. */
  over(org: Handler): Handler {
    return async (request) => {
      const call = callOf(request);
      if (!call) return org(request);
      const records = (JSON.parse(request.body) as { records: Told[] }).records;
      const { met } = this.#scene;
      const now = Math.floor(this.#scene.world.clock.now() / 1000) * 1000;
      // all three are done when the promises are made: nothing comes in between
      const [before, answered, after] = [this.#look(records), org(request), this.#look(records)];
      const response = await answered;
      const [was, is] = [await before, await after];
      if (response.status !== 200) return response;
      const lines = (JSON.parse(response.body) as { results: Line[] }).results;
      // unless an agent came into the transaction
      if (this.#scene.met === met) this.#judge(call, records, lines, was, is, now);
      if (call === 'deletion') for (const { key, outcome } of lines) if (outcome === 'RECORDED') this.#deleted.add(key);
      return response;
    };
  }

  #judge(
    call: Call,
    records: readonly Told[],
    lines: readonly Line[],
    was: ReadonlyMap<string, Held>,
    is: ReadonlyMap<string, Held>,
    now: number,
  ): void {
    if (lines.length !== records.length)
      this.broken.push(`${call} answered ${lines.length} of ${records.length} records`);
    records.forEach((told, index) => {
      const line = lines[index];
      if (!line || !isAlone(told, records)) return;
      const heard = { call, told, line, before: was.get(told.key) ?? null, after: is.get(told.key) ?? null };
      for (const what of this.#problems(heard, was, now))
        this.broken.push(
          `${call} of ${told.key} was answered ${line.outcome} ${line.errorCode}: ${what}; told ${JSON.stringify(told)}`,
        );
    });
  }

  async #look(records: readonly Told[]): Promise<Map<string, Held>> {
    const columns = ['Id', 'Digest_D__c', ...MODELLED, ...Object.keys(this.#types)].join(', ');
    const numbers = records.flatMap(({ externalId }) => externalId ?? []);
    const or = numbers.length > 0 ? ` OR External_Id__c IN (${quoted(numbers)})` : '';
    const { world } = this.#scene;
    const rows = await withBeside(
      world,
      world.query<Held>(
        `SELECT ${columns} FROM Case WHERE Sync_Key__c IN (${quoted(records.map(({ key }) => key))})${or}`,
      ),
    );
    return new Map(rows.map((row) => [row.Sync_Key__c, row]));
  }

  #problems({ call, told, line, before, after }: Heard, was: ReadonlyMap<string, Held>, now: number): string[] {
    const problems = line.caseId !== null && after ? toldWrongly(line, after) : [];
    if (line.key !== told.key) problems.push(`it names ${line.key}`);
    const hasAnothersNumber = !before && [...was.values()].some((row) => row.External_Id__c === told.externalId);
    if (hasAnothersNumber) return problems;
    const expected = this.#expected(call, told, before, now);
    if (line.outcome === 'REFUSED') {
      const wanted = afterRefusal(call, told, before, line, now);
      return [...problems, ...this.#differs({ outcome: 'REFUSED', after: wanted }, after)];
    }
    if (line.outcome !== expected.outcome) problems.push(`it must be ${expected.outcome}`);
    return [...problems, ...this.#differs(expected, after)];
  }

  #expected(call: Call, told: Told, before: Held | null, now: number): Expected {
    const expected = expectedOf(call, told, before, now);
    if (expected.outcome !== 'RECORDED' || call !== 'deletion') return expected;
    return this.#deleted.has(told.key) ? { ...expected, outcome: 'IGNORED' } : expected;
  }

  #differs({ after: wanted, values }: Expected, found: Held | null): string[] {
    if (!wanted || !found) return wanted === found ? [] : [found ? 'a Case is there' : 'no Case is there'];
    if (isOvertaken(wanted, found)) return [];
    const isStored = !values || holdsValues(values, found, this.#types);
    return [...differences(wanted, found), ...(isStored ? [] : ['the Case does not hold the values'])];
  }
}

/** Where the answer says that a Case stands otherwise than it does. */
const toldWrongly = (line: Line, after: Held): string[] =>
  line.version === after.Sync_Version__c &&
  line.status === after.Sync_Status__c &&
  line.revision === after.External_Revision__c &&
  line.writeBack === (after.Sync_Pending__c === 'WriteBack')
    ? []
    : [`it tells version ${line.version}, ${line.status}, revision ${line.revision}, writeBack ${line.writeBack}`];
