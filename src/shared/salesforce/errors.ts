import { envelopeOf, type ErrorEnvelope } from '../shapes.ts';

/**
 * The first error in either envelope: the platform's `[{errorCode, message}]` or our Apex's `{errorCode, message,
 * retryable}`. Null: Salesforce did not say this.
 */
const saidBy = (body: unknown): ErrorEnvelope | null => envelopeOf(Array.isArray(body) ? (body as unknown[])[0] : body);

/**
 * Salesforce did not do what a request, or one part of a composite, asked for. It has no name of its own: its text is
 * Salesforce's, and people read it.
 */
export class SalesforceError extends Error {
  readonly status: number;
  /** Salesforce's code; `HTTP_503` when the answer is not in the words of Salesforce. */
  readonly errorCode: string;
  /** What Salesforce says, without the code; null when somebody else answered. */
  readonly said: string | null;
  readonly retryable: boolean;
  /** `Retry-After` in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    { status, errorCode, said = null, retryable = false, retryAfterMs }: SalesforceErrorFacts,
  ) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
    this.said = said;
    this.retryable = retryable;
    this.retryAfterMs = retryAfterMs;
  }
}

interface SalesforceErrorFacts {
  status: number;
  errorCode: string;
  said?: string | null;
  retryable?: boolean;
  retryAfterMs?: number | undefined;
}

/** The error that the answer to a whole request tells. `request`: for example `GET /services/data`. */
export const errorOfAnswer = (
  request: string,
  status: number,
  body: unknown,
  retryAfterMs: number | undefined,
): SalesforceError => {
  const error = saidBy(body);
  const errorCode = error?.errorCode ?? `HTTP_${status}`;
  const said = error?.message ?? null;
  return new SalesforceError(
    `${request} answered ${status} ${errorCode}: ${said ?? 'not in the words of Salesforce'}`,
    { status, errorCode, said, retryable: error?.retryable ?? false, retryAfterMs },
  );
};

/** The error of one part of a composite. */
export const errorOfPart = (status: number, body: unknown): SalesforceError => {
  const error = saidBy(body);
  return error
    ? new SalesforceError(`${error.errorCode}: ${error.message}`, {
        status,
        errorCode: error.errorCode,
        said: error.message,
        retryable: error.retryable,
      })
    : new SalesforceError(`Salesforce answered a query with ${status}`, { status, errorCode: `HTTP_${status}` });
};
