/**
 * Shapes of other people's JSON. What does not have the protocol's shape was not written by whom we asked: a proxy, a
 * login page, half an answer. Then nothing is known of what was sent.
 */
export type Plain = Record<string, unknown>;

export const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isArrayOf = <T>(value: unknown, is: (item: unknown) => item is T): value is T[] =>
  Array.isArray(value) && value.every(is);

export const isText = (value: unknown): value is string => typeof value === 'string';

/** Absent, null, or of the type. */
export const isOptional = (value: unknown, type: 'string' | 'number' | 'boolean'): boolean =>
  value === undefined || value === null || typeof value === type;

/** An error as every API of ours words it. */
export interface ErrorEnvelope {
  errorCode: string;
  message: string;
  retryable: boolean;
}

/** `{errorCode, message, retryable?}`, or null when it is none. */
export const envelopeOf = (value: unknown): ErrorEnvelope | null =>
  isPlain(value) && isText(value.errorCode) && value.errorCode !== '' && isText(value.message)
    ? { errorCode: value.errorCode, message: value.message, retryable: value.retryable === true }
    : null;

/** The JSON of a text; undefined when it is none. */
export const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};
