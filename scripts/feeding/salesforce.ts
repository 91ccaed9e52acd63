/** How feeds reach Salesforce: as an integration user of their own, or by a login that this machine has. */
import { ShiftableClock } from 'kernel/clock.ts';
import { UnusableInput } from 'kernel/command-line.ts';
import { fetchTransport } from 'kernel/http.ts';
import { readSecret } from '../../src/feeds/config.ts';
import { Environment } from '../../src/shared/environment.ts';
import { SalesforceClient } from '../../src/shared/salesforce/client.ts';
import { Login, type SalesforceAuth } from '../../src/shared/salesforce/login.ts';
import { underSession, type Sessions } from '../../src/shared/salesforce/under-session.ts';
import { API_VERSION } from '../../src/shared/salesforce/version.ts';
import { findRunning } from '../../src/story/running.ts';
import { PATIENCE, sessionsOf } from '../reconciling/salesforce-text.ts';

type Variables = Readonly<Record<string, string | undefined>>;

const secretIn = (variables: Variables, name: string, whose: string): string =>
  readSecret(
    whose,
    variables[`${name}_FILE`] ? { file: variables[`${name}_FILE`]! } : { environment: name },
    variables,
  );

/** What the variables say of the login. Throws UnusableInput that names what is missing. */
export const authFrom = (variables: Variables): { instanceUrl: string; auth: SalesforceAuth } => {
  const from = new Environment(variables);
  if (from.text('SALESFORCE_PASSWORD'))
    from.problems.push(
      'SALESFORCE_PASSWORD is set, and passwords are not used; unset it, and give a certificate or a secret',
    );
  const instanceUrl = from.url('SALESFORCE_URL');
  const accessToken = from.text('SALESFORCE_ACCESS_TOKEN');
  const clientId = accessToken ? '' : from.required('SALESFORCE_CLIENT_ID');
  const loginUrl = from.text('SALESFORCE_LOGIN_URL') ? from.url('SALESFORCE_LOGIN_URL').replace(/\/+$/, '') : null;
  if (from.problems.length > 0)
    throw new UnusableInput(
      `feeds cannot log in to Salesforce: ${from.problems.join('; ')}. --help lists the variables`,
    );
  if (accessToken) return { instanceUrl, auth: { kind: 'accessToken', accessToken } };
  const username = from.text('SALESFORCE_USERNAME');
  if (username === null) {
    const clientSecret = secretIn(variables, 'SALESFORCE_CLIENT_SECRET', `the External Client App ${clientId}`);
    return { instanceUrl, auth: { kind: 'clientCredentials', clientId, clientSecret } };
  }
  const privateKey = secretIn(variables, 'SALESFORCE_PRIVATE_KEY', `the user ${username}`);
  const jwt = { kind: 'jwt' as const, clientId, username, privateKey };
  return { instanceUrl, auth: loginUrl === null ? jwt : { ...jwt, loginUrl } };
};

export interface Reached {
  /** A client that counts its own calls; all of them share a session. */
  client: () => SalesforceClient;
  /** Of a local org it may be ahead of this machine's, as the org's is: by CLOCK_OFFSET_MS, or as what `npm start` keeps running says. */
  clock: ShiftableClock;
}

/** An org. `targetOrg`: a login of this machine; null: as the variables say, or the local org that runs here. Rejects with UnusableInput. */
export const reachSalesforce = async (targetOrg: string | null, variables: Variables): Promise<Reached> => {
  const transport = fetchTransport(PATIENCE);
  const reached = (clock: ShiftableClock, sessions: Sessions): Reached => {
    const send = underSession({ sessions, transport, now: () => clock.now() });
    return { clock, client: () => new SalesforceClient(send, API_VERSION) };
  };
  const from = new Environment(variables);
  const clock = new ShiftableClock(from.whole('CLOCK_OFFSET_MS', Number.MAX_SAFE_INTEGER));
  if (from.problems.length > 0) throw new UnusableInput(from.problems.join('; '));
  if (targetOrg !== null) {
    // much to load, and only a login of this machine needs it
    const { connectToTarget } = await import('../../src/story/org/connect.ts');
    return reached(clock, sessionsOf(await connectToTarget(targetOrg)));
  }
  if (variables.SALESFORCE_URL) return reached(clock, new Login({ ...authFrom(variables), transport, clock }));
  const { instanceUrl, accessToken, clockOffsetMs } = await findRunning(
    'name an org: with SALESFORCE_URL and the variables of its login, which --help lists, or with --target-org',
  );
  clock.shift(clockOffsetMs);
  return reached(clock, new Login({ instanceUrl, auth: { kind: 'accessToken', accessToken }, transport, clock }));
};
