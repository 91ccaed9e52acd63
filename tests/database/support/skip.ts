/** Tests that need a server of their own are run by `npm run test:server`, which finds or installs PostgreSQL. */
export const withoutServer: string | false = process.env.CONCORD_SERVER_TESTS ? false : 'npm run test:server runs it';
