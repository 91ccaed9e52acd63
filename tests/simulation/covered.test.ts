import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'node:test';
import { codePlaces } from './covered/code-places.ts';
import { ModuleCoverage } from './covered/module-coverage.ts';
import { ranAt } from './covered/ran-segments.ts';
import { describeShares, lineShare, shares } from './covered/table.ts';
import { protocolFiles } from './protocol.ts';

const TEXT = `import type { Clock } from 'kernel/clock.ts';
interface Wide { on: true }
export const judge = (n: number): string => {
  if (n > 3) {
    return 'much';
  }
  const told = [1].map((x) =>
    x + n,
  );
  return String(told);
};
export function never(): void {
  judge(1);
}
export type Clocks = Clock[];
`;

test('lines are those on which a statement, or the value of a function, begins; types have none', () => {
  const { lines, functions } = codePlaces(TEXT);
  assert.deepEqual(
    lines.map(({ line }) => line),
    [3, 4, 5, 7, 8, 10, 13],
  );
  assert.deepEqual(
    functions.map(({ line, name }) => [line, name]),
    [
      [3, 'judge'],
      [8, 'told'],
      [12, 'never'],
    ],
  );
});

test('what ran since the last call is told by block; what ran before it is not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'module-coverage-'));
  const path = join(folder, 'judge.ts');
  writeFileSync(path, TEXT);
  const { href } = pathToFileURL(path);
  const coverage = await ModuleCoverage.begin(new Map([[href, 'judge.ts']]));
  const { judge } = (await import(href)) as { judge: (n: number) => string };
  const { lines } = codePlaces(TEXT);
  const ran = async (): Promise<number[]> => {
    const segments = (await coverage.take())['judge.ts'] ?? [];
    return lines.filter(({ at }) => ranAt(segments, at)).map(({ line }) => line);
  };
  assert.deepEqual(await ran(), [3]);
  judge(4);
  assert.deepEqual(await ran(), [4, 5]);
  judge(1);
  judge(2);
  assert.deepEqual(await ran(), [4, 7, 8, 10]);
  assert.deepEqual(await ran(), []);
  rmSync(folder, { recursive: true });
});

test('the table has each file of the protocol, and names what never ran', () => {
  const [apex] = protocolFiles().filter((file) => file.endsWith('CaseStamp.cls'));
  const seed = { seed: 1, seconds: 1, segments: { 'src/external-system/records.ts': [0, 100_000] } };
  const files = shares({
    executable: { [apex!]: [3, 5, 8] },
    seeds: [
      { ...seed, lines: { [apex!]: [3] } },
      { ...seed, lines: { [apex!]: [3, 8] } },
    ],
  });
  assert.deepEqual(
    files.map(({ file }) => file),
    protocolFiles(),
  );
  const text = describeShares(files);
  assert.match(text, /CaseStamp\.cls: 66\.7% of 3 lines\n {4}never: 5\n/);
  assert.match(text, /src\/external-system\/records\.ts: 100\.0% of \d+ lines, 100\.0% of \d+ functions\n(?! )/);
  assert.match(text, /src\/middle-layer\/service\.ts: 0\.0% of \d+ lines.*\n {4}never: .*\d+ step/);
  assert.ok(lineShare(files) > 0 && lineShare(files) < 0.1);
});
