import type { ConnectedApp, DevHubOptions, OrgInfo, ScratchSignup } from '../types.ts';

/** What an org service is started with. Plain data: it crosses to the service's thread. */
export interface ServiceOptions {
  projectDir: string;
  /** Port of the API; 0 or absent: any free one. */
  port?: number;
  /** A control server: its port (0 or absent: any free one), and what its callers present as bearer token. Absent: there is none. */
  control?: { port?: number; token: string };
  /** File to persist to; in memory when absent. */
  data?: string;
  /** Milliseconds that the org's clock is ahead of the machine's. */
  clockOffset?: number;
  namedCredentials?: Record<string, string>;
  /** Seed of the org's randomness (ids, keys); the machine's own when absent. */
  seed?: number;
  username?: string;
  connectedApps?: ConnectedApp[];
  passwords?: Record<string, string>;
  dailyApiRequests?: number;
  /** Where parsed and compiled Apex is kept between starts; default: where LOCAL_ORG_CACHE_DIR says, else beside the project. */
  cacheDir?: string;
  /** Makes the org one of production: deployments of Apex run its tests, which have to cover what production asks for. */
  production?: boolean;
  /** Makes the org a Dev Hub, whose scratch orgs are services of their own and end with it. */
  devHub?: Omit<DevHubOptions, 'start'>;
  /** Makes the org a scratch org. */
  scratch?: ScratchSignup;
}

/** What a started service tells. */
export interface StartedService {
  instanceUrl: string;
  controlUrl: string | null;
  info: OrgInfo;
  /** Errors that the org could not compile. */
  diagnostics: { path: string; line: number; column: number; message: string }[];
}
