/** Answers of the org that nothing which breaks in a world explains, and that would come again and again. */

/**
 * A request that could never have been done: by its user, or in its form (REST API Developer Guide, "Status Codes and Error
 * Responses").
 */
const UNDOABLE =
  /"errorCode":"(?:INVALID_FIELD|INVALID_TYPE|INVALID_FIELD_FOR_INSERT_UPDATE|INSUFFICIENT_ACCESS|INSUFFICIENT_ACCESS_OR_READONLY|MALFORMED_QUERY|MALFORMED_ID|JSON_PARSER_ERROR|METHOD_NOT_ALLOWED)"/;

/** Apex that fails at itself (Apex Reference Guide, "Built-In Exceptions"): people may not save at all because of it. */
const BUG =
  /System\.(?:NullPointer|List|Math|Type|SObject|String|IllegalArgument|InvalidParameterValue|Final|Limit|Unexpected|Assert)Exception[^"\\\n]*/;

/** The error of a request that nobody should have sent, or null. */
export const undoableIn = (answer: string): string | null => UNDOABLE.exec(answer)?.[0] ?? null;

/** The exception that Apex should not have thrown, or null. */
export const bugIn = (answer: string): string | null => BUG.exec(answer)?.[0] ?? null;
