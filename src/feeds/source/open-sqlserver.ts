/** Opens a SQL Server database. Its driver is loaded only then: it brings much along that no other kind needs. */
import type { ConnectionConfiguration } from 'tedious';
import { loginErrorOf } from './sqlserver-errors.ts';
import { SqlServerSource } from './sqlserver.ts';
import type { Source } from './types.ts';

export interface SqlServerSettings {
  host: string;
  port: number;
  database: string;
  user: string;
  encrypt: boolean;
  trustServerCertificate: boolean;
  /** Milliseconds: for the login. */
  connectMs: number;
  /** Milliseconds: the longest silence between two batches. */
  timeoutMs: number;
}

const configurationOf = (settings: SqlServerSettings, password: string | null): ConnectionConfiguration => ({
  server: settings.host,
  authentication: { type: 'default', options: { userName: settings.user, password: password ?? '' } },
  options: {
    port: settings.port,
    database: settings.database,
    encrypt: settings.encrypt,
    trustServerCertificate: settings.trustServerCertificate,
    connectTimeout: settings.connectMs,
    // the source has a limit of its own, which also holds between rows
    requestTimeout: 0,
    appName: 'concord feeds',
    useUTC: true,
  },
});

/** Rejects with SourceError, which never quotes the password. */
export const openSqlServer = async (settings: SqlServerSettings, password: string | null): Promise<Source> => {
  const { default: tedious } = await import('tedious');
  const connection = new tedious.Connection(configurationOf(settings, password));
  await new Promise<void>((resolve, reject) => {
    connection.connect((error) => {
      if (!error) return resolve();
      connection.close();
      reject(loginErrorOf(error, `${settings.host}, database ${settings.database}`));
    });
  });
  // a connection that breaks between two queries is told by the next one
  connection.on('error', () => {});
  return new SqlServerSource(tedious, connection, settings.timeoutMs);
};
