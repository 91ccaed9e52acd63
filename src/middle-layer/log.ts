import { type DestinationStream, pino } from 'pino';
import type { Log, LogLevel } from './types.ts';

/** Whatever is logged by mistake under these names is not written. */
const SECRET = [
  'authorization',
  'accessToken',
  'access_token',
  'assertion',
  'password',
  'privateKey',
  'secret',
  'token',
  'values',
  'extra',
  'payload',
];
const MAX_TEXT = 500;

/** Structured log lines as JSON, without secrets and field values. */
export const jsonLog = (level: LogLevel, destination: DestinationStream): Log => {
  const logger = pino(
    {
      name: 'middle-layer',
      level,
      redact: { paths: SECRET.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[not logged]' },
    },
    destination,
  );
  return (at, event, detail = {}) => logger[at]({ event, ...shortened(detail) });
};

const shortened = (detail: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(detail).map(([name, value]) => [
      name,
      typeof value === 'string' && value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value,
    ]),
  );

/** What may be logged of an error that nobody foresaw: its text, and where it arose. */
export const describeError = (error: unknown): { message: string; at?: string } => {
  if (!(error instanceof Error)) return { message: String(error) };
  const at = /^\s+at .*$/m.exec(error.stack ?? '')?.[0].trim();
  return { message: error.message, ...(at ? { at } : {}) };
};
