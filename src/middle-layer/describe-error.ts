/** What may be logged of an error that nobody foresaw: its text, and where it arose. */
export const describeError = (error: unknown): { message: string; at?: string } => {
  if (!(error instanceof Error)) return { message: String(error) };
  const at = /^\s+at .*$/m.exec(error.stack ?? '')?.[0].trim();
  return { message: error.message, ...(at ? { at } : {}) };
};
