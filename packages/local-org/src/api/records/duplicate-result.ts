import type { DuplicateResult } from '../../store/types.ts';

/** What a duplicate rule found, as the REST API tells it (REST API Developer Guide, "Duplicate Rule Header"); records by their ids alone. */
export const duplicateResultBody = (
  { rule, object, allowSave, matches }: DuplicateResult,
  errorMessage: string,
): Record<string, unknown> => ({
  allowSave,
  duplicateRule: rule,
  duplicateRuleEntityType: object,
  errorMessage,
  matchResults: matches.map((match) => ({
    entityType: object,
    errors: [],
    matchEngine: 'ExactMatchEngine',
    matchRecords: match.ids.map((Id) => ({
      additionalInformation: [],
      fieldDiffs: [],
      matchConfidence: 100,
      record: { attributes: { type: object }, Id },
    })),
    rule: match.rule,
    size: match.ids.length,
    success: true,
  })),
});
