/** The results of duplicate rules: what DUPLICATES_DETECTED tells of them. */
import type { StdFactory } from '../types.ts';
import { bagGetters, bagProperties } from './shared/bag.ts';

const GETTERS: Record<string, Record<string, string>> = {
  'Datacloud.DuplicateResult': {
    isAllowSave: 'AllowSave',
    getDuplicateRule: 'DuplicateRule',
    getDuplicateRuleEntityType: 'DuplicateRuleEntityType',
    getErrorMessage: 'ErrorMessage',
    getMatchResults: 'MatchResults',
  },
  'Datacloud.MatchResult': {
    getEntityType: 'EntityType',
    getErrors: 'Errors',
    getMatchEngine: 'MatchEngine',
    getMatchRecords: 'MatchRecords',
    getRule: 'Rule',
    getSize: 'Size',
    isSuccess: 'Success',
  },
  'Datacloud.MatchRecord': {
    getAdditionalInformation: 'AdditionalInformation',
    getFieldDiffs: 'FieldDiffs',
    getMatchConfidence: 'MatchConfidence',
    getRecord: 'Record',
  },
};

const factoryOf =
  (name: string, getters: Record<string, string>): StdFactory =>
  () => ({ name, m: bagGetters(getters), p: bagProperties(...Object.values(getters)) });

/** Keyed by lower-cased catalogue name. */
export const datacloudTypes: Record<string, StdFactory> = Object.fromEntries(
  Object.entries(GETTERS).map(([name, getters]) => [name.toLowerCase(), factoryOf(name, getters)]),
);
