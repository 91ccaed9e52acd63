import { json } from 'kernel/http.ts';
import type { Values } from '../../../../shared/case-messages.ts';
import { describeProblem, fields, isKey, values as checkValues } from '../../../../shared/checks.ts';
import { jsonBody, RequestError, type Route } from '../../../../shared/router.ts';
import { intake } from '../intake.ts';
import type { FlowContext } from '../../../../middle-layer/types.ts';

const checkBody = fields({ values: checkValues });

/** `POST /v1/intake`: Salesforce passes on a full request. 202 with the tracking key after commit; else nothing was accepted. */
export const postIntake =
  (context: FlowContext, onQueued: () => void): Route =>
  async (request) => {
    const { orgId, key = null, values } = jsonBody(request);
    if (typeof orgId !== 'string' || !/^00D[A-Za-z0-9]{12}([A-Za-z0-9]{3})?$/.test(orgId)) {
      throw new RequestError(400, 'BAD_REQUEST', 'orgId must be the id of the calling org (15 or 18 characters, 00D…)');
    }
    const lowerKey = typeof key === 'string' ? key.toLowerCase() : key;
    if (lowerKey !== null && !isKey(lowerKey))
      throw new RequestError(400, 'BAD_REQUEST', 'key must be a UUID, or absent');
    const problem = checkBody({ values });
    if (problem) throw new RequestError(400, 'BAD_REQUEST', describeProblem(problem));
    const answer = await intake(context, { orgId, key: lowerKey as string | null, values: values as Values });
    if (answer.accepted) {
      onQueued();
      return json(202, { trackingKey: answer.trackingKey });
    }
    const { status, errorCode, message, retryable } = answer;
    return json(status, { errorCode, message, retryable });
  };
