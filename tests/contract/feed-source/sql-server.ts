/** The views of the contract on a real SQL Server, which `MSSQL_URL` names. */
import tedious from 'tedious';

const { Connection, Request } = tedious;

export interface ServerAddress {
  host: string;
  port: number;
  database: string;
  user: string;
  password: string;
}

const NUMBERS =
  'SELECT TOP 5000 ROW_NUMBER() OVER (ORDER BY (SELECT 1)) AS i FROM sys.all_columns a CROSS JOIN sys.all_columns b';

const batches = (schema: string): string[] => [
  `CREATE SCHEMA ${schema}`,
  `CREATE TABLE ${schema}.exact (
     code nchar(6), name nvarchar(40), note nvarchar(max), n int, big bigint, amount decimal(18, 4), cash money, rate float, flag bit,
     day date, at_time time, [At Zone] datetimeoffset, plain datetime2, id uniqueidentifier)`,
  `INSERT INTO ${schema}.exact VALUES
     (N'0012', N'Café ñandú  ', N'', 2147483647, 9223372036854775807, -12345678901234.5678, -922337203685477.58, 0.1, 1, '1900-01-01',
      '05:00:00.123', '2026-01-31T05:00:00.123-05:00', '2026-03-08T02:30:00', '00000000-0000-0000-0000-00000000000a'),
     (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`,
  `CREATE VIEW ${schema}.exact_view AS SELECT * FROM ${schema}.exact`,
  `CREATE VIEW ${schema}.[Odd "view] AS SELECT N'x' AS [a "b], 1 AS [Straße]`,
  `CREATE VIEW ${schema}.many AS SELECT i, CONCAT(N'A', i % 2) AS half FROM (${NUMBERS}) AS numbers`,
  `CREATE VIEW ${schema}.few AS SELECT TOP 3 i FROM (${NUMBERS}) AS numbers`,
  `CREATE VIEW ${schema}.breaks AS SELECT i, 1 / (3000 - i) AS broken FROM (${NUMBERS}) AS numbers`,
  `CREATE VIEW ${schema}.endless AS SELECT COUNT_BIG(*) AS i FROM sys.all_columns a CROSS JOIN sys.all_columns b
     CROSS JOIN sys.all_columns c CROSS JOIN sys.all_columns d WHERE a.name + b.name + c.name + d.name <> N''`,
  `CREATE VIEW ${schema}.unread AS SELECT CAST(1 AS sql_variant) AS doc`,
  `CREATE VIEW ${schema}.texts AS SELECT REPLICATE(CAST(N'ñ' AS nvarchar(max)), 10000000) AS big, N'Bogot' + NCHAR(65533) AS damaged,
     N'  ' AS blank, N'🐔' AS far`,
];

const run = (connection: InstanceType<typeof Connection>, text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    connection.execSqlBatch(new Request(text, (error) => (error ? reject(error) : resolve())));
  });

const open = ({ host, port, database, user, password }: ServerAddress): Promise<InstanceType<typeof Connection>> => {
  const connection = new Connection({
    server: host,
    authentication: { type: 'default', options: { userName: user, password } },
    options: { port, database, trustServerCertificate: true },
  });
  return new Promise((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve(connection)));
  });
};

/** Makes the schema with its views, and a login that may read nothing. */
export const makeOnSqlServer = async (address: ServerAddress, schema: string) => {
  const connection = await open(address);
  const stranger = { user: `${schema}_stranger`, password: `Stranger-${schema}` };
  for (const text of batches(schema)) await run(connection, text);
  await run(connection, `CREATE LOGIN ${stranger.user} WITH PASSWORD = '${stranger.password}'`);
  await run(connection, `CREATE USER ${stranger.user} FOR LOGIN ${stranger.user}`);
  const views = ['many', 'few', 'breaks', 'endless', 'unread', 'texts', 'exact_view', '[Odd "view]'];
  return {
    stranger,
    breakConnections: () =>
      run(
        connection,
        `DECLARE @kill nvarchar(40) = (SELECT TOP 1 CONCAT(N'KILL ', session_id) FROM sys.dm_exec_sessions
           WHERE program_name = N'concord feeds' ORDER BY login_time DESC);
         EXEC (@kill)`,
      ),
    close: async () => {
      for (const view of views) await run(connection, `DROP VIEW ${schema}.${view}`);
      await run(connection, `DROP TABLE ${schema}.exact`);
      await run(connection, `DROP SCHEMA ${schema}`);
      await run(connection, `DROP USER ${stranger.user}; DROP LOGIN ${stranger.user}`);
      connection.close();
    },
  };
};
