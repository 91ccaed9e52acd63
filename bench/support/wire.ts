/** What answers of Salesforce's REST API weigh, made as the API makes them; digest-time.ts holds them against real ones. */
import { gzipSync } from 'node:zlib';
import type { Cell, Table } from '../../src/reconciliation/digest/peel.ts';

export interface Cost {
  calls: number;
  bytes: number;
  gzip: number;
}

export const NO_COST: Cost = { calls: 0, bytes: 0, gzip: 0 };

export const addCost = (a: Cost, b: Cost): Cost => ({
  calls: a.calls + b.calls,
  bytes: a.bytes + b.bytes,
  gzip: a.gzip + b.gzip,
});

/** A row of sums; `cell` is null without GROUP BY. */
const rowText = (cell: number | null, { count, k1, k2, d, c }: Cell): string =>
  JSON.stringify({
    attributes: { type: 'AggregateResult' },
    ...(cell === null ? {} : { cell: String(cell) }),
    n: count,
    k1,
    k2,
    d,
    c,
  });

const queryText = (rows: string[], index: number): string =>
  `{"body":{"totalSize":${rows.length},"done":true,"records":[${rows.join(',')}]},"httpHeaders":{},"httpStatusCode":200,"referenceId":"q${index}"}`;

/** The answer to one Composite call with these subqueries: a sum over a range, or a table of sums by cell. */
export const compositeText = (parts: (Cell | Table)[]): string => {
  const bodies = parts.map((part, index) =>
    queryText(
      part instanceof Map ? [...part].map(([cell, sums]) => rowText(cell, sums)) : [rowText(null, part)],
      index,
    ),
  );
  return `{"compositeResponse":[${bodies.join(',')}]}`;
};

export const costOf = (text: string, calls: number): Cost => ({
  calls,
  bytes: Buffer.byteLength(text),
  gzip: gzipSync(text).length,
});
