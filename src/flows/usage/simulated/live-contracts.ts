import { TransportError, type HttpResponse, type Transport } from 'kernel/http.ts';
import { SalesforceAway, type Contracts } from '../../../service-app/contracts.ts';
import { contractsOver, recordsOf } from '../../../service-app/salesforce/queries.ts';
import { API_VERSION } from '../../../shared/salesforce/version.ts';
import { LOGIN, loginBody, sessionOf } from './org.ts';

const ORG = 'http://org';

/** Contracts as the service application reads them, over the network of a world: its own queries, under its own user. */
export const liveContracts = (transport: Transport): Contracts => {
  let session: string | null = null;
  const ask = async (soql: string): Promise<HttpResponse> => {
    session ??= sessionOf(
      await transport({
        method: LOGIN.method,
        url: `${ORG}${LOGIN.path}`,
        headers: { ...LOGIN.headers },
        body: loginBody('application'),
      }),
    );
    return transport({
      method: 'GET',
      url: `${ORG}/services/data/v${API_VERSION}/query?q=${encodeURIComponent(soql)}`,
      headers: { authorization: `Bearer ${session}` },
      body: '',
    });
  };
  return contractsOver(async (soql) => {
    try {
      let response = await ask(soql);
      if (response.status === 401) {
        session = null;
        response = await ask(soql);
      }
      if (response.status === 200) return recordsOf(response.body);
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
    }
    throw new SalesforceAway('It does not answer.');
  });
};
