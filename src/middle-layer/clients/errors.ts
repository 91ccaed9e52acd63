/** The target as a whole cannot take anything now: outage, limit, pause. Whether it acted on what was sent is unknown. */
export class TargetUnavailable extends Error {
  override name = 'TargetUnavailable';
  /** For audit and logs: `NO_ANSWER`, `HTTP_503`, `PAUSED`, `REQUEST_LIMIT_EXCEEDED`, … */
  readonly code: string;
  readonly retryAfterMs: number | undefined;

  constructor(code: string, message: string, options: { retryAfterMs?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The target refused a call as a whole because of what was in it: nothing of it was done. */
export class BatchRefused extends Error {
  override name = 'BatchRefused';
  readonly code: string;
  readonly retryable: boolean;

  constructor(code: string, message: string, retryable = false) {
    super(message);
    this.code = code;
    this.retryable = retryable;
  }
}
