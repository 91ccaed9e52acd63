import { json } from '../../shared/http.ts';
import { RequestError, type Route } from '../../shared/router.ts';
import { BatchRefused, TargetUnavailable } from '../clients/errors.ts';
import type { SalesforcePort } from '../clients/salesforce/port.ts';
import { retryDeadLetter } from '../flows/cases/retry-dead-letter.ts';
import type { Context } from '../types.ts';
import { deadLetterId, unknownDeadLetter } from './dead-letter-id.ts';

/** `POST /v1/dead-letters/{id}/retry`: sends it again with the current state. 202 when queued, 409 when it was closed before. */
export const postRetry =
  (context: Context, salesforce: SalesforcePort, onQueued: () => void): Route =>
  async (request) => {
    const id = deadLetterId(request);
    const retry = await retryDeadLetter(context, salesforce, id).catch((error: unknown) => {
      if (!(error instanceof TargetUnavailable || error instanceof BatchRefused)) throw error;
      throw new RequestError(
        503,
        error.code,
        `nothing was retried; Salesforce could not be read for the current state: ${error.message}`,
      );
    });
    if (retry.outcome === 'unknown') throw unknownDeadLetter(id);
    if (retry.outcome === 'closed')
      throw new RequestError(409, 'CLOSED', `the dead letter ${id} is closed: ${retry.resolution}`);
    onQueued();
    return json(202, { id, messageId: retry.messageId });
  };
