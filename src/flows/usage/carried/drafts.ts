/** The messages of the usage flow as drafts for the queue. */
import type { Draft } from '../../../middle-layer/types.ts';
import type {
  AdMessage,
  AdOutcomeMessage,
  DecisionMessage,
  SealMessage,
  ToService,
} from '../../../shared/usage-messages.ts';

/** What is said of an ad. A newer version says all that an older one said. */
const aboutAd = (target: 'salesforce' | 'service', message: AdMessage | AdOutcomeMessage | DecisionMessage): Draft => ({
  id: message.id,
  target,
  kind: message.kind,
  key: message.adId,
  version: message.version,
  attempt: null,
  revision: null,
  ordinal: message.version,
  begins: message.kind === 'ad',
  payload: message,
});

/** The key of what is said of a contract: keys are asked for in lower case. */
export const keyOfContract = (contractNumber: string): string => contractNumber.toLowerCase();

const aboutContract = (message: SealMessage): Draft => ({
  id: message.id,
  target: 'service',
  kind: message.kind,
  key: keyOfContract(message.contractNumber),
  version: null,
  attempt: null,
  revision: null,
  ordinal: null,
  begins: true,
  payload: message,
});

/** About its contract, so that one call at a time of all workers locks the lines of that. */
export const toSalesforce = (message: AdMessage): Draft => ({
  ...aboutAd('salesforce', message),
  alone: message.contractNumber,
});

export const toService = (message: ToService): Draft =>
  message.kind === 'seal' ? aboutContract(message) : aboutAd('service', message);
