import { json, type Handler, type HttpResponse } from 'kernel/http.ts';
import { BatchRefused, TargetUnavailable } from '../../../src/middle-layer/clients/errors.ts';
import type { InMemorySalesforce } from '../../flows/cases/in-memory/salesforce.ts';
import { MEMORY_ORG_ID } from '../../flows/cases/in-memory/salesforce.ts';
import type { PendingCase, RecordResult } from '../../../src/flows/cases/carried/salesforce/port.ts';

const CONTROL_ID = 'a01000000000001AAA';
export const TOKEN = `${MEMORY_ORG_ID.slice(0, 15)}!token`;

const apiError = (status: number, errorCode: string, message: string): HttpResponse =>
  json(status, [{ errorCode, message }]);
const apiTime = (wire: unknown): unknown =>
  typeof wire === 'string' && /^\d{4}-.*Z$/.test(wire) ? wire.replace('Z', '.000+0000') : wire;

/** The REST endpoints of an org in front of an org in memory, as far as the middle layer uses them. */
export const fakeOrg = (org: InMemorySalesforce): Handler => {
  const caseRow = (found: PendingCase): Record<string, unknown> => ({
    attributes: { type: 'Case' },
    Id: found.id,
    AccountId: found.accountId,
    Sync_Key__c: found.key,
    Sync_Version__c: found.version,
    Sync_Attempt__c: found.attempt,
    Sync_Pending__c: found.pending,
    External_Id__c: found.externalId,
    External_Revision__c: found.revision,
    Sync_Base_Revision__c: found.baseRevision,
    Sync_Requested_At__c: apiTime(found.requestedAt),
    Digest_D__c: found.digest,
    ...Object.fromEntries(
      org.fields.map(({ name, type }) => [
        name,
        type === 'datetime' ? apiTime(found.values[name] ?? null) : (found.values[name] ?? null),
      ]),
    ),
  });
  const page = (records: object[], next: string | null = null): object => ({
    totalSize: records.length,
    done: next === null,
    ...(next === null ? {} : { nextRecordsUrl: `/services/data/v67.0/query/${next}` }),
    records,
  });

  const query = async (soql: string): Promise<HttpResponse> => {
    if (soql.includes('COUNT(Id) n')) {
      const { cases, pending } = await org.sample();
      return json(
        200,
        page([
          { pending: null, n: cases - pending },
          { pending: 'Request', n: pending },
        ]),
      );
    }
    const unknown = org.fields.length && soql.includes('FROM Case') ? unknownColumn(soql) : null;
    if (unknown) return apiError(400, 'INVALID_FIELD', `No such column '${unknown}' on entity 'Case'`);
    const { orgId, paused, pollOnly } = org.settings;
    if (soql.includes('FROM Concord_Operator_Setting__c'))
      return json(
        200,
        page(paused || pollOnly ? [{ SetupOwnerId: orgId, Paused__c: paused, Poll_Only__c: pollOnly }] : []),
      );
    if (soql.includes('FROM Sync_Control__c'))
      return json(
        200,
        page([
          {
            Id: CONTROL_ID,
            Key__c: 'Default',
            Active__c: true,
            Org_Id__c: orgId,
            Paused__c: false,
            Swept_At__c: org.settings.sweptAt,
          },
        ]),
      );
    if (soql.includes('FROM Synced_Field__mdt'))
      return json(200, page(org.fields.map(({ name, owner }) => ({ Field__c: name, Owner__c: owner }))));
    const most = Number(/LIMIT (\d+)/.exec(soql)?.[1] ?? 0);
    const after = /Id > '([^']*)'/.exec(soql)?.[1] ?? null;
    const [, from, to] = /Digest_K1__c >= (\d+) AND Digest_K1__c < (\d+)/.exec(soql) ?? [];
    const slice = from === undefined ? null : { from: Number(from), to: Number(to) };
    const swept = await org.sweep([], { most, casesAfter: after, tombstonesAfter: after, slice });
    if (soql.includes('FROM Sync_Tombstone__c')) {
      return json(
        200,
        page(
          swept.tombstones.map(({ id, key, caseId, reason, masterKey, at }) => ({
            Id: id,
            Sync_Key__c: key,
            Case_Id__c: caseId,
            Kind__c: reason,
            Master_Key__c: masterKey,
            At__c: apiTime(at),
          })),
        ),
      );
    }
    const keys = /Sync_Key__c IN \(([^)]*)\)/.exec(soql)?.[1];
    if (keys)
      return json(200, page((await org.readCases(keys.split(', ').map((text) => text.slice(1, -1)))).map(caseRow)));
    return json(200, page(swept.cases.map(caseRow), swept.moreCases ? 'the rest' : null));
  };
  const unknownColumn = (soql: string): string | undefined => {
    const columns = /SELECT (.*) FROM/.exec(soql)![1]!.split(', ');
    const known = new Set([...Object.keys(caseRow({ values: {} } as PendingCase))]);
    return columns.find((column) => !known.has(column));
  };

  const apex = async (write: () => Promise<RecordResult[]>): Promise<HttpResponse> => {
    try {
      return json(200, { results: await write() });
    } catch (error) {
      if (error instanceof TargetUnavailable)
        return json(503, { errorCode: error.code, message: error.message, retryable: true });
      if (error instanceof BatchRefused)
        return json(400, { errorCode: error.code, message: error.message, retryable: false });
      throw error;
    }
  };

  const route = async (method: string, url: string, body: any): Promise<HttpResponse> => {
    const [path = '', search = ''] = url.split('?', 2);
    if (path === '/services/data/v67.0/composite') {
      const compositeResponse = [];
      for (const part of body.compositeRequest as { url: string; referenceId: string; method: string; body?: any }[]) {
        const response = await route(part.method, part.url, part.body ?? null);
        compositeResponse.push({
          referenceId: part.referenceId,
          httpStatusCode: response.status,
          httpHeaders: {},
          body: JSON.parse(response.body) as unknown,
        });
      }
      return json(200, { compositeResponse });
    }
    if (path === '/services/data/v67.0/query') return query(new URLSearchParams(search).get('q')!);
    if (method === 'PATCH' && path.startsWith('/services/data/v67.0/sobjects/Sync_Control__c/')) {
      const { Awake_Until__c: awakeUntil } = body;
      org.settings.sweptAt = body.Swept_At__c;
      org.heartbeats.push({
        sweptAt: body.Swept_At__c,
        clearSince: body.Clear_Since__c,
        ...(awakeUntil === undefined ? {} : { awakeUntil }),
      });
      return { status: 204, headers: {}, body: 'null' };
    }
    if (path === '/services/data/v67.0/sobjects/Case/describe') {
      return json(200, {
        fields: [{ name: 'Id', type: 'id' }, ...org.fields.map(({ name, type }) => ({ name, type }))],
      });
    }
    switch (`${method} ${path.replace('/services/apexrest/concord/v1/', '')}`) {
      case 'POST cases/apply':
        return apex(() => org.apply(body.records));
      case 'POST cases/acknowledge':
        return apex(() => org.acknowledge(body.records));
      case 'POST cases/write-back':
        return apex(() => org.writeBack(body.records));
      case 'POST cases/deletion':
        return apex(() => org.deletion(body.records));
      case 'POST tombstones/delivered':
        return apex(() => org.tombstonesDelivered(body.ids));
      default:
        return apiError(404, 'NOT_FOUND', `${method} ${path}`);
    }
  };

  return (request) => {
    if (request.headers.authorization !== `Bearer ${TOKEN}`) {
      return Promise.resolve(apiError(401, 'INVALID_SESSION_ID', 'Session expired or invalid'));
    }
    return route(request.method, request.url, request.body ? JSON.parse(request.body) : null);
  };
};
