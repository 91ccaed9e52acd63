/** listMetadata, and what a deployment does to a named credential. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { apexClass, manifest, openOrg } from './support.ts';

const calls: string[] = [];
const at = openOrg({
  callout: ({ url }) => {
    calls.push(url);
    return { status: 200, headers: {}, body: '' };
  },
});
after(() => at.close());

const credential = (url: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><NamedCredential xmlns="http://soap.sforce.com/2006/04/metadata"><label>Billing</label><namedCredentialParameters><parameterName>Url</parameterName><parameterType>Url</parameterType><parameterValue>${url}</parameterValue></namedCredentialParameters><namedCredentialType>SecuredEndpoint</namedCredentialType></NamedCredential>`;
const withCredential = (url: string): Record<string, string> => ({
  'package.xml': manifest({ NamedCredential: ['Billing'] }),
  'namedCredentials/Billing.namedCredential': credential(url),
});

const list = async (...types: string[]): Promise<{ status: number; body: string }> =>
  at.org.handle({
    method: 'POST',
    url: '/services/Soap/m/67.0',
    headers: { host: '127.0.0.1', 'content-type': 'text/xml' },
    body: `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="http://soap.sforce.com/2006/04/metadata"><soapenv:Header><SessionHeader><sessionId>${at.org.info.accessToken}</sessionId></SessionHeader></soapenv:Header><soapenv:Body><listMetadata>${types.map((type) => `<queries><type>${type}</type></queries>`).join('')}<asOfVersion>67.0</asOfVersion></listMetadata></soapenv:Body></soapenv:Envelope>`,
  });

const names = async (...types: string[]): Promise<string[]> =>
  [...(await list(...types)).body.matchAll(/<fullName>([^<]*)<\/fullName>/g)].map(([, name]) => name!);

test('lists the components of a type, of up to three types in one call', async () => {
  const field =
    '<?xml version="1.0" encoding="UTF-8"?><CustomObject xmlns="http://soap.sforce.com/2006/04/metadata"><fields><fullName>Nickname__c</fullName><label>N</label><type>Text</type><length>40</length></fields></CustomObject>';
  await at.deploy({
    'package.xml': manifest({ ApexClass: ['B', 'A'], CustomField: ['Account.Nickname__c'] }),
    ...apexClass('B', 'public class B {}'),
    ...apexClass('A', 'public class A {}'),
    'objects/Account.object': field,
  });
  await at.deploy(withCredential('https://billing.example.com'));
  assert.deepEqual(await names('ApexClass', 'CustomField', 'NamedCredential'), [
    'A',
    'B',
    'Account.Nickname__c',
    'Billing',
  ]);
  assert.deepEqual(await names('ApexTrigger'), []);
  assert.match((await list('A', 'B', 'C', 'D')).body, /3 queries at most/);
});

test('a named credential leads where its file says, until somebody points it elsewhere, until it is deployed again', async () => {
  const call = (): string => {
    at.org.executeAnonymous(
      "HttpRequest r = new HttpRequest(); r.setMethod('GET'); r.setEndpoint('callout:Billing/v1'); new Http().send(r);",
    );
    return calls.at(-1)!;
  };
  await at.deploy(withCredential('https://one.example.com'));
  assert.equal(call(), 'https://one.example.com/v1');
  at.org.setNamedCredential('Billing', 'https://ours.example.com');
  await at.deploy({ 'package.xml': manifest({ ApexClass: ['A'] }), ...apexClass('A', 'public class A { }') });
  assert.equal(call(), 'https://ours.example.com/v1');
  await at.deploy(withCredential('https://two.example.com'));
  assert.equal(call(), 'https://two.example.com/v1');
});
