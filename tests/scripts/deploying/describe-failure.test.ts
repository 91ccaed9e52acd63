import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { ComponentSet, type DeployResult } from '@salesforce/source-deploy-retrieve';
import { describeFailure } from '../../../scripts/deploying/describe-failure.ts';

const folder = resolve(import.meta.dirname, '../../../force-app');
const components = ComponentSet.fromSource([
  `${folder}/core/main/default/classes/shared`,
  `${folder}/cases/main/default/objects/Case`,
]);

const failure = (componentType: string, fullName: string, more: Record<string, unknown>) => ({
  componentType,
  fullName,
  fileName: 'in the zip',
  success: false,
  problemType: 'Error',
  ...more,
});

const describe = (componentFailures: unknown, more: Record<string, unknown> = {}): string =>
  describeFailure({
    components,
    response: { status: 'Failed', details: { componentFailures }, ...more },
  } as unknown as DeployResult);

test('what failed is told file by file, with the place where there is one', () => {
  const text = describe([
    failure('ApexClass', 'ConcordSetup', { problem: 'Variable does not exist: x', lineNumber: 12, columnNumber: 5 }),
    failure('CustomField', 'Case.External_Id__c', { problem: 'Field is too long' }),
    failure('ApexClass', 'ConcordSetup', { problem: 'Missing return', lineNumber: 14, columnNumber: 1 }),
    failure('ApexClass', 'Elsewhere', { problem: 'Dependent class is invalid', fileName: 'classes/Elsewhere.cls' }),
  ]);
  assert.deepEqual(text.split('\n'), [
    'the deployment failed (Failed)',
    '  force-app/core/main/default/classes/shared/ConcordSetup.cls:12:5  ApexClass ConcordSetup: Variable does not exist: x',
    '  force-app/core/main/default/classes/shared/ConcordSetup.cls:14:1  ApexClass ConcordSetup: Missing return',
    '  force-app/cases/main/default/objects/Case/fields/External_Id__c.field-meta.xml  CustomField Case.External_Id__c: Field is too long',
    '  classes/Elsewhere.cls  ApexClass Elsewhere: Dependent class is invalid',
  ]);
});

test('a deployment that failed as a whole tells why', () => {
  assert.equal(
    describe([], { errorMessage: 'No package.xml found' }),
    'the deployment failed (Failed): No package.xml found',
  );
});

test('failed tests and what they leave uncovered are told, whether there is one or many', () => {
  const warning = { message: 'Average test coverage across all Apex Classes and Triggers is 34%, at least 75% …' };
  const text = describe([], {
    details: {
      runTestResult: {
        failures: { name: 'CaseTest', methodName: 'works', message: 'System.AssertException: no' },
        codeCoverageWarnings: [
          warning,
          { name: 'CaseSync', message: 'Test coverage of selected Apex Trigger is 0%, …' },
        ],
      },
    },
  });
  assert.deepEqual(text.split('\n'), [
    'the deployment failed (Failed)',
    '  CaseTest.works: System.AssertException: no',
    '  Average test coverage across all Apex Classes and Triggers is 34%, at least 75% …',
    '  CaseSync: Test coverage of selected Apex Trigger is 0%, …',
  ]);
});
