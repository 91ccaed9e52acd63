/** Fixtures that do not pass yet, and why. The run fails when one starts to pass. */
export const knownFailures: Record<string, string> = {};
