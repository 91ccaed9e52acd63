import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CalloutRequest, TestSupport } from '../../../src/platform/services.ts';
import { ApexBlob, ApexObject, toApexString } from '../../../src/platform/values/index.ts';
import { throwsApex } from './apex-error.ts';
import { fakeRuntime, methods, statics } from './fake-runtime.ts';

const Q = methods('HttpRequest');
const P = methods('HttpResponse');
const create = (type: string, $ = fakeRuntime(), ...args: unknown[]): any => $.std[type]!.create!([], ...args);

const request = (): unknown => {
  const made = create('httprequest') as unknown;
  Q.setEndpoint!(made, 'callout:Billing/v1/intake');
  Q.setMethod!(made, 'POST');
  Q.setHeader!(made, 'Content-Type', 'application/json');
  Q.setBody!(made, '{"é":1}');
  Q.setTimeout!(made, 5000);
  return made;
};

describe('Http', () => {
  test('hands the request to the org and reads the answer', () => {
    let sent: CalloutRequest | null = null;
    const $ = fakeRuntime({
      services: {
        callout: (callout) => {
          sent = callout;
          return {
            status: 202,
            statusText: 'Accepted',
            headers: { 'X-Id': '7' },
            body: new TextEncoder().encode('ok'),
          };
        },
      },
    });
    const response = methods('Http', $).send!(create('http', $), request()) as unknown;
    assert.deepEqual(sent, {
      method: 'POST',
      endpoint: 'callout:Billing/v1/intake',
      timeout: 5000,
      headers: { 'Content-Type': 'application/json' },
      body: new TextEncoder().encode('{"é":1}'),
    });
    assert.deepEqual(
      [P.getStatusCode!(response), P.getStatus!(response), P.getBody!(response), P.getHeader!(response, 'x-id')],
      [202, 'Accepted', 'ok', '7'],
    );
    assert.equal(toApexString(P.getHeaderKeys!(response)), '(X-Id)');
    assert.equal(toApexString(response), 'System.HttpResponse[Status=Accepted, StatusCode=202]');
  });

  test('in a test the mock answers, and there must be one', () => {
    let counted = 0;
    const response = create('httpresponse') as unknown;
    const mock = Object.assign(new ApexObject(), { respond$1: () => response });
    const run = (found: unknown): unknown => {
      const support = { mock: () => found } as unknown as TestSupport;
      const $ = fakeRuntime({ services: { test: support, countCallout: () => void counted++ } });
      return methods('Http', $).send!(create('http', $), request()) as unknown;
    };
    assert.equal(run(mock), response);
    assert.equal(counted, 1);
    throwsApex(() => run(null), 'TypeException', 'Methods defined as TestMethod do not support Web service callouts');
  });

  test('static resources answer too', () => {
    const support = {
      staticResource: (name: string) => (name === 'body' ? new TextEncoder().encode('[]') : null),
    } as unknown as TestSupport;
    const $ = fakeRuntime({ services: { test: support } });
    const mock = create('staticresourcecalloutmock', $) as unknown;
    const S = methods('StaticResourceCalloutMock', $);
    S.setStaticResource!(mock, 'body');
    S.setStatusCode!(mock, 200);
    S.setHeader!(mock, 'Content-Type', 'application/json');
    const response = $.call(mock, 'respond', [request()]) as unknown;
    assert.deepEqual(
      [P.getStatusCode!(response), P.getBody!(response), P.getHeader!(response, 'content-type')],
      [200, '[]', 'application/json'],
    );
  });

  test('incomplete requests are errors', () => {
    const $ = fakeRuntime();
    const send = (made: unknown): unknown => methods('Http', $).send!(create('http', $), made) as unknown;
    throwsApex(() => send(create('httprequest')), 'CalloutException', 'The endpoint of the request is not set.');
    throwsApex(() => Q.setTimeout!(request(), 120_001), 'CalloutException', 'Timeout must be between 1 and 120000');
    throwsApex(() => Q.setBody!(request(), null), 'NullPointerException', 'Argument cannot be null.');
  });
});

describe('Apex REST', () => {
  test('requests and responses are bags of maps and blobs', () => {
    const $ = fakeRuntime();
    const made = create('restrequest', $) as unknown;
    const properties = $.std['restrequest']!.p!;
    methods('RestRequest', $).addHeader!(made, 'Accept', '*/*');
    methods('RestRequest', $).addParameter!(made, 'limit', '2');
    properties['requestbody']!.set!(made, ApexBlob.fromString('x'));
    assert.equal(properties['headers']!.get(made).get('Accept'), '*/*');
    assert.equal(properties['params']!.get(made).get('limit'), '2');
    assert.equal(properties['httpmethod']!.get(made), null);
    const context = $.std['restcontext']!.sp!;
    context['request']!.set!(made);
    assert.equal(context['request']!.get(), made);
    assert.equal(context['response']!.get(), null);
  });
});

describe('EncodingUtil', () => {
  const E = statics('EncodingUtil');
  const cases: [string, unknown[], string][] = [
    ['urlEncode', ['a b&c=ä/*-_.~', 'UTF-8'], 'a+b%26c%3D%C3%A4%2F*-_.%7E'],
    ['urlDecode', ['a+b%26%C3%A4', 'UTF-8'], 'a b&ä'],
    ['base64Encode', [ApexBlob.fromString('hi')], 'aGk='],
    ['convertToHex', [ApexBlob.fromString('hi')], '6869'],
  ];
  for (const [name, args, expected] of cases) test(name, () => assert.equal(E[name]!(...args), expected));
  test('and back', () => {
    assert.equal(E.base64Decode!('aGk=').text(), 'hi');
    assert.equal(E.convertFromHex!('6869').text(), 'hi');
    throwsApex(() => E.convertFromHex!('xyz'), 'InvalidParameterValueException', 'Invalid hex string: xyz');
    throwsApex(() => E.urlDecode!('%zz', 'UTF-8'), 'IllegalArgumentException', /Illegal hex characters/);
  });
});

describe('Crypto', () => {
  const C = statics('Crypto');
  const hex = (blob: unknown): string => Buffer.from((blob as ApexBlob).bytes).toString('hex');
  const text = (value: string): ApexBlob => ApexBlob.fromString(value);

  test('digests', () => {
    assert.equal(hex(C.generateDigest!('MD5', text('abc'))), '900150983cd24fb0d6963f7d28e17f72');
    assert.equal(
      hex(C.generateDigest!('SHA-256', text('abc'))),
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
    throwsApex(() => C.generateDigest!('ROT13', text('a')), 'SecurityException', 'ROT13 MessageDigest not available');
  });
  test('message authentication', () => {
    const mac = C.generateMac!('hmacSHA256', text('what do ya want for nothing?'), text('Jefe')) as ApexBlob;
    assert.equal(hex(mac), '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
    assert.equal(C.verifyHmac!('hmacSHA256', text('what do ya want for nothing?'), text('Jefe'), mac), true);
    assert.equal(C.verifyHmac!('hmacSHA256', text('other'), text('Jefe'), mac), false);
  });
  test('encryption and back', () => {
    const key = C.generateAesKey!(256) as ApexBlob;
    const sealed = C.encryptWithManagedIV!('AES256', key, text('secret')) as ApexBlob;
    assert.equal(C.decryptWithManagedIV!('AES256', key, sealed).text(), 'secret');
    throwsApex(
      () => C.encryptWithManagedIV!('AES128', key, text('x')),
      'InvalidParameterValueException',
      'Invalid private key. Must be 16 bytes.',
    );
    throwsApex(() => C.decryptWithManagedIV!('AES256', C.generateAesKey!(256), sealed), 'SecurityException', /bad key/);
  });
  test('random numbers replay', () => {
    assert.equal(statics('Crypto').getRandomInteger!(), statics('Crypto').getRandomInteger!());
    assert.equal(typeof C.getRandomLong!(), 'bigint');
  });
});

describe('Url', () => {
  const U = methods('Url');
  const url = (spec: string): unknown => create('url', fakeRuntime(), spec);
  test('parts', () => {
    const made = url('https://me@example.com:8443/a/b?c=d#e');
    const parts = [
      'getProtocol',
      'getHost',
      'getPort',
      'getPath',
      'getQuery',
      'getRef',
      'getFile',
      'getAuthority',
      'getUserInfo',
    ].map((name) => U[name]!(made) as unknown);
    assert.deepEqual(parts, [
      'https',
      'example.com',
      8443,
      '/a/b',
      'c=d',
      'e',
      '/a/b?c=d',
      'me@example.com:8443',
      'me',
    ]);
    assert.equal(U.toExternalForm!(made), 'https://me@example.com:8443/a/b?c=d#e');
    assert.equal(U.getPort!(url('http://x/')), -1);
    assert.equal(U.getDefaultPort!(url('http://x/')), 80);
    throwsApex(() => url('no url'), 'StringException', 'no protocol: no url');
  });
});
