/** The messages of the usage flow as drafts for the queue. */
import type { Draft } from '../../../middle-layer/types.ts';
import type { AdMessage, AdOutcomeMessage } from '../../../shared/usage-messages.ts';

const draft = (target: 'salesforce' | 'service', message: AdMessage | AdOutcomeMessage): Draft => ({
  id: message.id,
  target,
  kind: message.kind,
  key: message.adId,
  version: message.version,
  attempt: null,
  revision: null,
  // a newer version says all that an older one said
  ordinal: message.version,
  begins: message.kind === 'ad',
  payload: message,
});

export const toSalesforce = (message: AdMessage): Draft => draft('salesforce', message);
export const toService = (message: AdOutcomeMessage): Draft => draft('service', message);
