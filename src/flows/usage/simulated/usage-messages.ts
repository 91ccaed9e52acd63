/** What the protocol says of the messages of usage: written down from docs/usage-protocol.md, apart from what makes them. */
import { DEFAULT_SETTINGS } from '../../../middle-layer/settings.ts';
import type { MessageRules } from '../../../simulation/message-model.ts';

export const USAGE_MESSAGES: MessageRules = {
  // a version of an ad says all that an older one said; of a contract each seal is a fact of its own
  rank: ({ version }) => (version === null ? null : [version]),
  fits: ({ id, kind, key, version, payload }) =>
    id === payload.id &&
    kind === payload.kind &&
    (kind === 'seal'
      ? version === null && key === String(payload.contractNumber).toLowerCase()
      : version === payload.version && key === payload.adId),
  // of a contract one report at a time
  alone: ({ kind, payload }) => (kind === 'ad' ? String(payload.contractNumber) : null),
  begins: ({ kind }) => kind === 'ad' || kind === 'seal',
  lanes: {},
  lingerMs: { salesforce: DEFAULT_SETTINGS.salesforceLingerMs },
};
