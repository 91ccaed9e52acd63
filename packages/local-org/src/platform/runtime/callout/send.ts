/** One callout of a transaction: counted, checked, sent. */
import type { CalloutRequest, CalloutResponse } from '../../services.ts';
import { apexException } from '../../values/index.ts';
import { CALLOUT_TIME_MS, CALLOUT_TIMEOUT_MAX_MS } from '../limits.ts';
import type { ApexTransaction } from '../transaction.ts';
import { credentialOf, resolveEndpoint } from './endpoint.ts';
import { CalloutFailure } from './failure.ts';

const FROM_TRIGGER = 'Callout from triggers are currently not supported.';

/** The checks that mocked and real callouts share. */
export const countCallout = (transaction: ApexTransaction): void => {
  const refusal = transaction.triggerDepth > 0 ? FROM_TRIGGER : transaction.unit.calloutRefusal;
  if (refusal !== null) throw apexException('CalloutException', refusal);
  transaction.unit.governor.count('Callouts');
  if (transaction.unit.uncommitted || transaction.unit.savepoints.size > 0) {
    throw apexException(
      'CalloutException',
      'You have uncommitted work pending. Please commit or rollback before calling out',
    );
  }
};

/** The tokens of external credentials are rows of User External Credential, which whoever calls must be able to read. */
const TOKENS = 'UserExternalCredential';

/** Salesforce Help, "Enable User External Credentials". */
const checkCredential = ({ org, store, userId }: ApexTransaction, endpoint: string): void => {
  const name = credentialOf(endpoint);
  if (name === null || !org.securedCredentials.has(name.toLowerCase())) return;
  if (store.permissions.object(userId, TOKENS, 'read')) return;
  throw apexException(
    'CalloutException',
    `We couldn't access the credential(s). You might not have the required permissions, or the external credential of "${name}" might not exist.`,
  );
};

export const sendCallout = (transaction: ApexTransaction, request: CalloutRequest): CalloutResponse => {
  countCallout(transaction);
  if (request.timeout < 1 || request.timeout > CALLOUT_TIMEOUT_MAX_MS) {
    throw apexException('CalloutException', `Timeout must be between 1 and ${CALLOUT_TIMEOUT_MAX_MS} milliseconds`);
  }
  const { unit, org } = transaction;
  if (unit.calloutMs >= CALLOUT_TIME_MS)
    throw apexException('CalloutException', 'Exceeded max time limit allotted for callout');
  checkCredential(transaction, request.endpoint);
  const endpoint = resolveEndpoint(request.endpoint, org.namedCredentials);
  const began = org.clock.now();
  try {
    return org.callout({ ...request, endpoint });
  } catch (error) {
    if (error instanceof CalloutFailure) throw apexException('CalloutException', error.message);
    throw error;
  } finally {
    unit.calloutMs += org.clock.now() - began;
  }
};
