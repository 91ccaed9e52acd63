/**
 * What comes with Concord as a proposal and is changed in the org: which fields are synced and who owns them, and
 * where the middle layer is. A deployment brings it only where it is not yet. (The pause and the thresholds are
 * data: docs/operating.md.)
 */
import type { Connection } from '@salesforce/core';
import { listed, type Named } from './transaction.ts';

const CUSTOM_METADATA = 'CustomMetadata';
/** What Concord itself says; all other records (synced fields, scope, Cases born outside) are for Setup to change. */
const OF_CONCORD = /^(Concord_Setting|Concord_Flow)\./;
/** The URL of one and the token of the other are set in Setup. */
const CREDENTIALS = ['NamedCredential', 'ExternalCredential'];

export const isOperators = ({ type, fullName }: Named): boolean =>
  CREDENTIALS.includes(type.name) || (type.name === CUSTOM_METADATA && !OF_CONCORD.test(fullName));

/** What the org has of those types, by key. */
export const standing = (connection: Connection): Promise<Set<string>> =>
  listed(connection, [CUSTOM_METADATA, ...CREDENTIALS]);
