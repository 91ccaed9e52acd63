import { json, type Handler } from 'kernel/http.ts';
import { router, type Route } from '../shared/router.ts';
import { getAudit, getConflicts } from './endpoints/get-audit.ts';
import { getDeadLetter } from './endpoints/get-dead-letter.ts';
import { getDeadLetters } from './endpoints/get-dead-letters.ts';
import { getReady } from './endpoints/get-ready.ts';
import { getStatus } from './endpoints/get-status.ts';
import { only } from './endpoints/guard.ts';
import { postAudit } from './endpoints/post-audit.ts';
import { postIntake } from './endpoints/post-intake.ts';
import { postMessages } from './endpoints/post-messages.ts';
import { postRetry, postRetryAll } from './endpoints/post-retry.ts';
import type { Ports, Service } from './service.ts';
import type { Context } from './types.ts';

/** The HTTP API of the middle layer. */
export const routes = (context: Context, ports: Ports, service: Service): Handler => {
  const { callers } = context.settings;
  const operator = (route: Route): Route => only(callers, 'operator', route);
  const wake = (): void => service.wakeSenders();
  return router({
    'GET /health': () => json(200, { status: 'up' }),
    'GET /ready': getReady(context, service),
    'POST /v1/messages': only(callers, 'external', postMessages(context, wake)),
    'POST /v1/intake': only(callers, 'intake', postIntake(context, wake)),
    'GET /v1/status': operator(getStatus(context, service)),
    'GET /v1/dead-letters': operator(getDeadLetters(context)),
    'GET /v1/dead-letters/:id': operator(getDeadLetter(context)),
    'POST /v1/dead-letters/retry': operator(postRetryAll(context, ports.salesforce, wake)),
    'POST /v1/dead-letters/:id/retry': operator(postRetry(context, ports.salesforce, wake)),
    'GET /v1/audit': operator(getAudit(context)),
    'POST /v1/audit': operator(postAudit(context)),
    'GET /v1/conflicts': operator(getConflicts(context)),
  });
};
