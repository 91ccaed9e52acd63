import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { Database } from '../../../src/store/database/database.ts';
import { migrateTables } from '../../../src/store/database/migrate.ts';
import { parseSoql } from '../../../src/store/soql/parse/parse.ts';
import { planQuery } from '../../../src/store/soql/plan/plan.ts';
import { PlanScope, type BindShape } from '../../../src/store/soql/plan/scope.ts';
import { testStore } from '../open.ts';
import type { Schema } from '../../../src/store/types.ts';

describe('queries by indexed fields search, they do not scan', () => {
  let schema: Schema;
  let database: Database;
  before(() => {
    schema = testStore().store.schema;
    database = new Database(undefined);
    migrateTables(database, schema);
  });

  /** SQLite's own account of how it runs the query. */
  function steps(soql: string, shapes: Record<string, BindShape> = {}): string[] {
    const scope = new PlanScope({
      schema,
      text: soql,
      shapes: new Map(Object.entries(shapes)),
      restricted: new Set(),
      allRows: false,
    });
    const { sql } = planQuery(scope, parseSoql(soql));
    return database
      .all(
        `EXPLAIN QUERY PLAN ${sql.text}`,
        sql.params.map(() => null),
      )
      .map((row) => String(row[3]));
  }

  const cases: [soql: string, shapes: Record<string, BindShape>, index: string][] = [
    ["SELECT Id FROM Book__c WHERE Isbn__c = '1'", {}, 'Book__c.Isbn__c'],
    ['SELECT Id FROM Book__c WHERE Isbn__c = :a', { a: 'scalar' }, 'Book__c.Isbn__c'],
    ['SELECT Id FROM Book__c WHERE Isbn__c IN :a ORDER BY Id', { a: 'list' }, 'Book__c.Isbn__c'],
    ["SELECT Id FROM Book__c WHERE Isbn__c IN ('1', '2') ORDER BY CreatedDate", {}, 'Book__c.Isbn__c'],
    [
      'SELECT Id FROM Book__c WHERE Isbn__c IN :a OR Shelf_Mark__c IN :a FOR UPDATE',
      { a: 'list' },
      'Book__c.Shelf_Mark__c',
    ],
    ['SELECT Id FROM Case WHERE AccountId = :a', { a: 'scalar' }, 'Case.AccountId'],
    ['SELECT Id, Account.Name, Owner.Name FROM Case WHERE Id IN :a', { a: 'list' }, 'sqlite_autoindex_Case_1'],
    ['SELECT COUNT() FROM Copy__c WHERE Book__c = :a', { a: 'scalar' }, 'Copy__c.Book__c'],
  ];
  for (const [soql, shapes, index] of cases) {
    it(soql, () => {
      const plan = steps(soql, shapes);
      assert.ok(
        plan.some((step) => step.startsWith('SEARCH t0 USING') && step.includes(index)),
        plan.join('\n'),
      );
      assert.equal(
        plan.some((step) => /^SCAN t\d/.test(step)),
        false,
        plan.join('\n'),
      );
    });
  }
});
