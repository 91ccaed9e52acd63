/** What the protocol says of the messages of Cases: written down from docs/case-protocol.md, apart from what makes them. */
import { DEFAULT_SETTINGS } from '../../../middle-layer/settings.ts';
import type { FromExternal, ToExternal } from '../../../shared/case-messages.ts';
import type { Message, MessageRules } from '../../../simulation/message-model.ts';
import { KEPT_TABLES, keptWrongly } from './kept-rows.ts';
import { whatFollowsWrongly } from './what-follows.ts';

/** "Messages supersede: a newer version of a key replaces an older request; a newer revision replaces a record." */
const rank = (message: ToExternal | FromExternal): readonly number[] | null => {
  switch (message.kind) {
    case 'request':
    case 'refused':
      return [message.version, message.attempt];
    case 'writeBack':
    case 'writeBackConfirmed':
      return [message.version];
    case 'record':
      return [message.revision, message.requestVersion ?? 0];
    case 'acknowledge':
      return [message.revision];
    case 'requestWanted':
      return [message.seenRevision];
    case 'deletion':
    case 'deletionRecorded':
    case 'deleted':
      return null;
  }
};

/** Which revision a message brings or acknowledges. */
const revisionOf = (message: ToExternal | FromExternal): number | null => {
  if (message.kind === 'writeBack') return message.acknowledges?.revision ?? null;
  return 'revision' in message ? message.revision : null;
};

const contentOf = ({ payload }: Message): ToExternal | FromExternal => payload as unknown as ToExternal | FromExternal;

const TO_EXTERNAL = new Set(['request', 'acknowledge', 'writeBack', 'deletion']);

const fits = (message: Message): boolean => {
  const content = contentOf(message);
  const version = content.kind === 'record' ? content.requestVersion : 'version' in content ? content.version : null;
  return (
    message.id === content.id &&
    message.key === content.key &&
    message.kind === content.kind &&
    message.target === (TO_EXTERNAL.has(content.kind) ? 'external' : 'salesforce') &&
    message.version === version &&
    message.attempt === ('attempt' in content ? content.attempt : null) &&
    message.revision === revisionOf(content)
  );
};

export const CASE_MESSAGES: MessageRules = {
  rank: (message) => rank(contentOf(message)),
  fits,
  follows: whatFollowsWrongly,
  keeps: KEPT_TABLES,
  kept: keptWrongly,
  // "what was begun is finished first": requests and deletions begin an exchange
  begins: ({ kind }) => kind === 'request' || kind === 'deletion',
  lanes: { external: DEFAULT_SETTINGS.externalLanes },
  lingerMs: { salesforce: DEFAULT_SETTINGS.salesforceLingerMs },
};
