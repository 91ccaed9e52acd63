import assert from 'node:assert/strict';
import { test } from 'node:test';
import { directoriesOf } from '../../../scripts/deploying/deploy-project.ts';
import { isOperators } from '../../../scripts/deploying/operators-own.ts';
import { ownTests } from '../../../scripts/deploying/own-tests.ts';

test('the tests of the deployed folders are those with test methods, not what only helps them', () => {
  const names = ownTests(directoriesOf([]));
  assert.ok(names.includes('RunEndTest') && names.includes('CaseStampTest'));
  assert.ok(!names.includes('TestUsers') && !names.includes('ConcordSettings') && !names.includes('Nyc311FieldsTest'));
  assert.ok(ownTests(directoriesOf(['nyc311'])).includes('Nyc311FieldsTest'));
});

test('operators change field switches and credentials; what comes with Concord is deployed again', () => {
  const named = (type: string, fullName: string): boolean => isOperators({ type: { name: type }, fullName });
  assert.ok(named('CustomMetadata', 'Synced_Field.Priority') && named('CustomMetadata', 'Sync_Scope.Complaints'));
  assert.ok(named('NamedCredential', 'Concord_Middle_Layer') && named('ExternalCredential', 'Concord_Middle_Layer'));
  assert.ok(!named('CustomMetadata', 'Concord_Setting.Default') && !named('CustomMetadata', 'Concord_Flow.cases'));
  assert.ok(!named('CustomField', 'Synced_Field.Priority'));
});
