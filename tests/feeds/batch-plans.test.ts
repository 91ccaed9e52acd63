/** A batch of rows is found by its keys: its cost grows with the batch, and not with the table. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { knownRows, noteRefusals, refuseRows, settleRows } from '../../src/feeds/db/rows.ts';
import type { RunRow } from '../../src/feeds/db/runs.ts';
import type { Queryable, SqlParameter } from '../../src/shared/sql/types.ts';
import { borrowFeedDatabase, type FeedDatabase } from './support/database.ts';

const ROWS = 4_000;
const BATCH = 1_000;
const RUN = { id: 1, company: 'ACME', feed: 'accounts' } as RunRow;
const PROBLEM = { code: 'C', field: null, message: 'm', remedy: 'r' };

interface PlanNode {
  'Node Type': string;
  Alias?: string;
  'Index Cond'?: string;
  Plans?: PlanNode[];
}

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

describe('a batch of rows in a table without statistics', () => {
  let feeds: FeedDatabase;
  before(async () => {
    feeds = await borrowFeedDatabase();
    await feeds.db.script(
      `INSERT INTO feed_row (company, feed, row_key, external_id)
       SELECT 'ACME', 'accounts', 'k' || i, 'K' || i FROM generate_series(1, ${ROWS}) AS i`,
    );
  });
  after(() => feeds.giveBack());

  /** How the table of rows is read by a statement. */
  const readsOf = async (work: (db: Queryable) => Promise<unknown>): Promise<PlanNode[]> => {
    const explained: Queryable = {
      query: async <Row>(text: string, parameters: readonly SqlParameter[] = []) =>
        feeds.db.query<Row>(`EXPLAIN (FORMAT JSON) ${text}`, parameters),
    };
    const [{ 'QUERY PLAN': plans }] = (await work(explained)) as [{ 'QUERY PLAN': { Plan: PlanNode }[] }];
    return nodesOf(plans[0]!.Plan)
      .filter(({ Alias }) => Alias === 'f')
      .filter(({ 'Node Type': type }) => /Scan/.test(type));
  };

  const keys = Array.from({ length: BATCH }, (_, index) => `k${3 * index + 1}`);
  const statements: Record<string, (db: Queryable) => Promise<unknown>> = {
    knownRows: (db) =>
      knownRows(
        db,
        RUN,
        keys.map((key) => ({ key, exact: null, held: null })),
      ),
    settleRows: (db) =>
      settleRows(
        db,
        RUN,
        keys.map((key) => ({ key, salesforceId: key })),
      ),
    refuseRows: (db) =>
      refuseRows(
        db,
        RUN,
        keys.map((key) => ({ key, problem: PROBLEM })),
        new Date(0),
      ),
    noteRefusals: (db) =>
      noteRefusals(
        db,
        RUN,
        keys.map((key) => ({ key, id: key })),
      ),
  };
  for (const [name, work] of Object.entries(statements))
    it(`${name} reads the rows of its keys alone`, async () => {
      const reads = await readsOf(work);
      assert.ok(reads.length > 0);
      for (const read of reads) assert.match(read['Index Cond'] ?? '', /row_key = /, JSON.stringify(read));
    });
});
