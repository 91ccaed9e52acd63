/** The control port: what a real org has no API for. Separate from the API, so that no client meets it by accident. */
import type { ShiftableClock } from 'kernel/clock.ts';
import { clockControl, type ClockControl } from 'kernel/clock-control.ts';
import { controlPort } from 'kernel/control-port.ts';
import { json, type Handler, type HttpRequest, type HttpResponse } from 'kernel/http.ts';
import type { InjectedFault, Org } from '../types.ts';

export interface ControlDeps {
  org: Org;
  clock: ShiftableClock;
  /** Called after anything that may have made work due. */
  wake: () => void;
}

type Operation = (deps: ControlDeps, body: Record<string, unknown>) => unknown;

/** A request that cannot be served as it is. */
class BadControl extends Error {}

/** Ids that one restore may skip: of them an org has enough for any number of restores. */
const MAX_IDS = 1_000_000_000;

const number = (body: Record<string, unknown>, name: string): number => {
  const value = body[name];
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new BadControl(`${name} must be a number`);
  return value;
};

const text = (body: Record<string, unknown>, name: string): string => {
  const value = body[name];
  if (typeof value !== 'string' || value === '') throw new BadControl(`${name} must be a text`);
  return value;
};

const ids = (body: Record<string, unknown>, name: string): string[] => {
  const value = body[name];
  const isId = (each: unknown): each is string => typeof each === 'string' && /^\w{15}(\w{3})?$/.test(each);
  if (!Array.isArray(value) || !value.every(isId)) throw new BadControl(`${name} must be a list of record ids`);
  return value;
};

const clockOf = ({ clock }: ControlDeps): ClockControl => clockControl(clock, (problem) => new BadControl(problem));

const OPERATIONS: Record<string, Operation> = {
  'GET /control/clock': (deps) => clockOf(deps).read(),
  'POST /control/clock': (deps, body) => clockOf(deps).advance(body),
  'POST /control/fault': ({ org }, body) => {
    const kind = text(body, 'kind');
    if (kind !== 'save' && kind !== 'request' && kind !== 'bypass' && kind !== 'summary' && kind !== 'event') {
      throw new BadControl('kind must be save, request, bypass, summary or event');
    }
    const answers = kind === 'save' || kind === 'request';
    const fault: InjectedFault = {
      kind,
      code: answers ? text(body, 'code') : '',
      message: answers ? text(body, 'message') : '',
      count: body['count'] === undefined ? 1 : number(body, 'count'),
    };
    if (body['object'] !== undefined) fault.object = text(body, 'object');
    if (body['status'] !== undefined) fault.status = number(body, 'status');
    org.injectFault(fault);
    return { injected: fault.count };
  },
  'POST /control/hold': ({ org }, body) => {
    org.holdRows(ids(body, 'ids'), number(body, 'ms'));
    return {};
  },
  'POST /control/release': ({ org }) => {
    org.releaseRows();
    return {};
  },
  'POST /control/skip-ids': ({ org }, body) => {
    const count = number(body, 'count');
    if (!Number.isInteger(count) || count < 1 || count > MAX_IDS)
      throw new BadControl(`count must be a whole number from 1 to ${MAX_IDS}`);
    org.skipIds(count);
    return {};
  },
  'POST /control/named-credential': ({ org }, body) => {
    org.setNamedCredential(text(body, 'name'), text(body, 'url'));
    return {};
  },
  'POST /control/run-due': ({ org }) => ({ ran: org.runDue(), nextDue: org.nextDue() }),
};

/** Serves callers with the token alone. */
export const controlHandler = (deps: ControlDeps, token: string): Handler =>
  controlPort(async (request) => {
    const path = new URL(request.url, 'http://control').pathname;
    const operation = OPERATIONS[`${request.method} ${path}`];
    if (!operation)
      return json(404, {
        error: `no control operation ${request.method} ${path}; there are: ${Object.keys(OPERATIONS).join(', ')}`,
      });
    return answer(deps, operation, request);
  }, token);

const answer = (deps: ControlDeps, operation: Operation, request: HttpRequest): HttpResponse => {
  try {
    const result = operation(deps, bodyOf(request));
    deps.wake();
    return json(200, result);
  } catch (error) {
    if (error instanceof BadControl) return json(400, { error: error.message });
    throw error;
  }
};

const bodyOf = (request: HttpRequest): Record<string, unknown> => {
  if (request.body.trim() === '') return {};
  try {
    const parsed: unknown = JSON.parse(request.body);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>;
  } catch {
    // Answered below, as any other body that is no object.
  }
  throw new BadControl('the body must be a JSON object');
};
