import { apexException } from '../../values/index.ts';

const CREDENTIAL = /^callout:([\w]+)(.*)$/i;

/** The named credential that an endpoint names, or null. */
export const credentialOf = (endpoint: string): string | null => CREDENTIAL.exec(endpoint)?.[1] ?? null;

/** The URL of an endpoint: `callout:Name/path` leads where the named credential says. */
export const resolveEndpoint = (endpoint: string, namedCredentials: Readonly<Record<string, string>>): string => {
  const match = CREDENTIAL.exec(endpoint);
  if (!match) {
    if (!/^https?:\/\//i.test(endpoint)) throw apexException('CalloutException', `no protocol: ${endpoint}`);
    return endpoint;
  }
  const name = match[1]!.toLowerCase();
  const base = Object.entries(namedCredentials).find(([known]) => known.toLowerCase() === name)?.[1];
  if (base === undefined) {
    throw apexException(
      'CalloutException',
      `The callout couldn't access the endpoint: named credential ${match[1]} leads nowhere in this org. Set it with the org's named-credential option or control port`,
    );
  }
  return base.replace(/\/$/, '') + match[2];
};
