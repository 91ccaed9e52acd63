/** The Apex SOAP API's executeAnonymous, which answers the debug log with the result. */
import type { Answer } from '../call.ts';
import type { ApiDeps } from '../types.ts';
import { element, envelope, type SoapRequest } from './envelope.ts';

export const APEX = 'http://soap.sforce.com/2006/08/apex';

/** The platform's word for a result without a place in the source. */
const NO_PLACE = -1;

export const executeAnonymous = (deps: ApiDeps, userId: string, request: SoapRequest): Answer => {
  const code = request.parameter('String') ?? request.parameter('apexcode') ?? '';
  const run = deps.apex.executeAnonymous(code, userId);
  const failed = !run.success;
  const result = [
    element('column', failed ? run.column : NO_PLACE),
    element('compileProblem', run.compileProblem),
    element('compiled', run.compiled),
    element('exceptionMessage', run.exceptionMessage),
    element('exceptionStackTrace', run.exceptionStackTrace),
    element('line', failed ? run.line : NO_PLACE),
    element('success', run.success),
  ].join('');
  const header = `<DebuggingInfo>${element('debugLog', run.log)}</DebuggingInfo>`;
  return envelope(200, APEX, `<executeAnonymousResponse><result>${result}</result></executeAnonymousResponse>`, header);
};
