/**
 * What tests covered, as rows that the Tooling API answers: ApexCodeCoverageAggregate and ApexOrgWideCoverage. Runs add
 * up, as on the platform, for as long as a class or trigger has the same lines.
 */
import { recordId } from '../../../store/ids/record-id.ts';
import type { Row, Store } from '../../../store/types.ts';
import type { ClassCoverage } from '../outcomes.ts';

const AGGREGATE_PREFIX = '715';
const ORG_WIDE_PREFIX = '716';
const PERCENT = 100;

/** The form of the field Coverage. */
interface Lines {
  coveredLines: number[];
  uncoveredLines: number[];
}

export const keepCoverage = (store: Store, userId: string, coverage: readonly ClassCoverage[]): void => {
  const select = (soql: string): Row[] =>
    store.query(soql, { access: { userId, mode: 'system', sharing: false } }).rows;
  const ids = new Map(
    ['ApexClass', 'ApexTrigger'].flatMap((object) =>
      select(`SELECT Id, Name FROM ${object}`).map(({ id, values }): [string, string | null] => [
        String(values.get('Name')).toLowerCase(),
        id,
      ]),
    ),
  );
  const known = new Map(
    select('SELECT Id, ApexClassOrTriggerId, Coverage FROM ApexCodeCoverageAggregate').map((row) => [
      row.values.get('ApexClassOrTriggerId'),
      row,
    ]),
  );
  let next = known.size;
  for (const each of coverage) {
    const codeId = ids.get(each.name.toLowerCase());
    if (!codeId) continue;
    const row = known.get(codeId);
    const lines = addedTo(row ? (JSON.parse(String(row.values.get('Coverage'))) as Lines) : null, each);
    store.writePlatformRow({
      object: 'ApexCodeCoverageAggregate',
      id: row?.id ?? recordId(AGGREGATE_PREFIX, ++next),
      values: new Map<string, string | number>([
        ['ApexClassOrTriggerId', codeId],
        ['NumLinesCovered', lines.coveredLines.length],
        ['NumLinesUncovered', lines.uncoveredLines.length],
        ['Coverage', JSON.stringify(lines)],
      ]),
    });
  }
  const rows = select('SELECT NumLinesCovered, NumLinesUncovered FROM ApexCodeCoverageAggregate');
  const sum = (field: string): number => rows.reduce((total, { values }) => total + Number(values.get(field)), 0);
  const [covered, uncovered] = [sum('NumLinesCovered'), sum('NumLinesUncovered')];
  store.writePlatformRow({
    object: 'ApexOrgWideCoverage',
    id: recordId(ORG_WIDE_PREFIX, 1),
    values: new Map([['PercentCovered', covered === 0 ? 0 : Math.floor((covered * PERCENT) / (covered + uncovered))]]),
  });
};

const byNumber = (a: number, b: number): number => a - b;

const addedTo = (before: Lines | null, { covered, uncovered }: ClassCoverage): Lines => {
  const all = [...covered, ...uncovered].sort(byNumber);
  const earlier = before ? [...before.coveredLines, ...before.uncoveredLines].sort(byNumber) : [];
  const isSame = all.length === earlier.length && all.every((line, index) => line === earlier[index]);
  const ran = new Set([...covered, ...(isSame ? before!.coveredLines : [])]);
  return { coveredLines: all.filter((line) => ran.has(line)), uncoveredLines: all.filter((line) => !ran.has(line)) };
};
