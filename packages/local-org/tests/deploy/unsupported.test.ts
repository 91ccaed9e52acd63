import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { manifest, openOrg } from './support.ts';

const at = openOrg();
after(() => at.close());

test('a deployment of a type that has no effect here is refused, naming the file', async () => {
  const result = await at.deploy({
    'package.xml': manifest({ SharingRules: ['Case'] }),
    'sharingRules/Case.sharingRules':
      '<?xml version="1.0" encoding="UTF-8"?><SharingRules xmlns="http://soap.sforce.com/2006/04/metadata"/>',
  });
  assert.equal(result.status, 'Failed');
  assert.match(JSON.stringify(result.details.componentFailures), /Case.*is not supported by the local org/);
});

test('a deployment of an active flow that uses what the local org does not have is refused, naming the element', async () => {
  const result = await at.deploy({
    'package.xml': manifest({ Flow: ['Escalate'] }),
    'flows/Escalate.flow':
      '<?xml version="1.0" encoding="UTF-8"?><Flow xmlns="http://soap.sforce.com/2006/04/metadata"><label>Escalate</label><status>Active</status><actionCalls><name>Mail</name></actionCalls><start><object>Case</object><recordTriggerType>Create</recordTriggerType><triggerType>RecordAfterSave</triggerType></start></Flow>',
  });
  assert.equal(result.status, 'Failed');
  assert.match(
    JSON.stringify(result.details.componentFailures),
    /Escalate.*the element Mail \(actionCalls\) is not supported/,
  );
});
