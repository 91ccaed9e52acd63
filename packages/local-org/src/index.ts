/** createOrg(): a whole Salesforce org in the caller's thread, on the clock and randomness it is given. */
import type { Handler } from 'kernel/http.ts';
import { createApi } from './api/index.ts';
import type { ApiDeps } from './api/types.ts';
import { compile, parse } from './compiler/index.ts';
import type { SourceUnit } from './compiler/types.ts';
import { Deployments } from './deploy/deployments.ts';
import { MetadataTypes } from './deploy/metadata-types.ts';
import type { SourceTree } from './deploy/types.ts';
import { DevHub } from './dev-hub/dev-hub.ts';
import { writeScratchOrganization } from './dev-hub/scratch-organization.ts';
import { LiveProject, startingProject } from './live-project.ts';
import { compileProject, runProject, type LoadedProject } from './loaded-project.ts';
import { nextDueTime, runAllDue, runNextDue } from './platform/runtime/async/due.ts';
import { blockingHttp } from './platform/runtime/callout/blocking-http.ts';
import { fromHandler } from './platform/runtime/callout/from-handler.ts';
import { ANONYMOUS_API_VERSION, runAnonymous } from './platform/runtime/entry/anonymous.ts';
import { runApiTransaction } from './platform/runtime/entry/api-transaction.ts';
import { serveRest } from './platform/runtime/entry/rest.ts';
import { Faults } from './platform/runtime/faults.ts';
import type { OrgContext } from './platform/runtime/org-context.ts';
import type { OtherTransaction } from './platform/runtime/outcomes.ts';
import { orgInfo } from './platform/runtime/org-info.ts';
import { CoverageRecord } from './platform/runtime/testing/coverage.ts';
import { keepCoverage } from './platform/runtime/testing/keep-coverage.ts';
import { runTests } from './platform/runtime/testing/run-tests.ts';
import { apexCacheDir, openApexCache, type ApexCache } from './apex-cache.ts';
import { recordId } from './store/ids/record-id.ts';
import { openStore } from './store/index.ts';
import type { LocalStore } from './store/local-store.ts';
import type { Value } from './store/types.ts';
import type { Org, OrgInfo, OrgOptions } from './types.ts';

export type { Org, OrgOptions } from './types.ts';
/** What an org is made of besides: a clock and randomness. */
export { ManualClock, ShiftableClock, type Clock } from 'kernel/clock.ts';
export { seededRandom, systemRandom, type Random } from 'kernel/random.ts';

/** What only Dev Hubs have, and what only scratch orgs have. */
const HUB_OBJECTS = ['ScratchOrgInfo', 'ActiveScratchOrg'];
const SCRATCH_OBJECTS = ['SourceMember'];
const DEPLOYMENT_PREFIX = '0Af';

/** Clients know an org of production by its edition and by what it is not: a sandbox, or one with an end. */
const writeProductionOrganization = (store: LocalStore): void =>
  store.writePlatformRow({
    object: 'Organization',
    id: store.orgId,
    values: new Map<string, Value>([['OrganizationType', 'Enterprise Edition']]),
  });

/** An org, and what a service needs besides to run its due work bit by bit. */
export interface LocalOrg extends Org {
  /** Another org in memory: the same project, records and session of the owner, nothing else in common. For simulations, which begin often. */
  copy(options: Pick<OrgOptions, 'clock' | 'random' | 'callout'>): LocalOrg;
  /** Lets another transaction come between the reads and the writes of one. For simulations: the org itself runs one at a time. */
  letIn(other: OtherTransaction): void;
  /** Runs one unit of due work; false when nothing is due. */
  runNext(): boolean;
  /** Ends the scratch orgs that this org signed up. */
  endScratchOrgs(): Promise<void>;
}

export const createOrg = (options: OrgOptions): LocalOrg => {
  const types = new MetadataTypes();
  const { sources, ownDirectory } = startingProject(types, options.projectDir, options.data);
  const { scratch } = options;
  const without = [...(options.devHub ? [] : HUB_OBJECTS), ...(scratch ? [] : SCRATCH_OBJECTS)];
  const username = options.username ?? scratch?.username;
  const store = openStore({
    packageDirs: sources.packageDirectories,
    without,
    clock: options.clock,
    random: options.random,
    ...(options.data === undefined ? {} : { file: options.data }),
    ...(username === undefined ? {} : { username }),
  });
  store.takeSizes(options.sizes ?? {});
  if (scratch) writeScratchOrganization(store, scratch);
  if (options.production) writeProductionOrganization(store);
  const cache = openApexCache(apexCacheDir(options));
  const loaded = compileProject(sources, store.schema, cache, { coverage: options.coverage === true });
  const coverage = options.coverage ? new CoverageRecord(loaded.program) : null;
  return runOrg(options, { types, ownDirectory, without, store, loaded, cache, coverage });
};

/** What an org is made of before it runs. */
interface OrgParts {
  types: MetadataTypes;
  ownDirectory: string | null;
  /** The source as deployments left it, when `ownDirectory` is another org's. */
  tree?: SourceTree | null;
  /** Standard objects that this kind of org does not have. */
  without: readonly string[];
  store: LocalStore;
  loaded: LoadedProject;
  cache: ApexCache;
  /** Which lines of Apex run; null when nobody asks. */
  coverage: CoverageRecord | null;
}

/** What Apex runs in. */
const contextOf = (options: OrgOptions, { store, loaded, coverage }: OrgParts) => {
  const faults = new Faults();
  const info = orgInfo(store, options.random, options.username ?? options.scratch?.username);
  const callouts = options.callout === undefined ? blockingHttp() : fromHandler(options.callout);
  const { sources } = loaded;
  const org: OrgContext = {
    store,
    program: loaded.program,
    catalogue: loaded.environment.catalogue,
    clock: options.clock,
    random: options.random,
    callout: callouts,
    namedCredentials: { ...Object.fromEntries(sources.namedCredentials), ...options.namedCredentials },
    securedCredentials: sources.securedCredentials,
    staticResources: sources.staticResources,
    labels: sources.labels,
    faults,
    log: options.log ?? (() => {}),
    defaultUserId: info.userId,
    coverage,
  };
  return { org, info, faults, callouts };
};

type ApexRuns = Pick<ApiDeps['apex'], 'executeAnonymous' | 'runTests'>;

/** Runs Apex that is not part of the project, and the project's tests. */
const apexRuns = (org: OrgContext, project: LiveProject, cache: ApexCache): ApexRuns => ({
  executeAnonymous(apex, userId) {
    const unit: SourceUnit = {
      kind: 'anonymous',
      name: 'anonymous',
      path: 'anonymous',
      text: apex,
      apiVersion: ANONYMOUS_API_VERSION,
    };
    const { modules, diagnostics } = compile(
      { units: [...project.loaded.sources.units, unit], ...project.loaded.environment },
      {
        parse: (source) => (source === unit ? parse(source.kind, source.text) : cache.parse(source)),
        declareOnly: (source) => source !== unit,
      },
    );
    return runAnonymous(org, userId, {
      module: modules.find((module) => module.kind === 'anonymous') ?? null,
      diagnostics: diagnostics.filter((diagnostic) => diagnostic.path === unit.path),
    });
  },
  runTests(options) {
    const { sources: current } = project.loaded;
    // Counting lines costs time: only a run that wants them has modules that count.
    const program =
      options.coverage === true
        ? compileProject(current, org.store.schema, cache, { coverage: true }).program
        : project.loaded.program;
    const run = runTests({ ...org, program }, current.units, options);
    if (run.coverage) keepCoverage(org.store, org.defaultUserId, run.coverage);
    return run;
  },
});

interface ApiParts {
  org: OrgContext;
  info: OrgInfo;
  faults: Faults;
  apex: ApexRuns;
  types: MetadataTypes;
  project: LiveProject;
}

/** The HTTP API of the org, and the Dev Hub behind it if it is one. */
const apiOf = (options: OrgOptions, parts: ApiParts): { api: Handler; hub: DevHub | null } => {
  const { org, info, faults, apex, types, project } = parts;
  const { clock, random, scratch } = options;
  const { log } = org;
  const connectedApps = [...(options.connectedApps ?? []), ...(scratch?.connectedApps ?? [])];
  const hub = options.devHub
    ? new DevHub({ store: () => org.store, clock, random, connectedApps, options: options.devHub, log })
    : null;
  const transaction: ApiDeps['transaction'] = (userId, work, given = {}) =>
    runApiTransaction(org, { userId, ...given }, work);
  const api = createApi({
    info,
    clock,
    random,
    get store() {
      return org.store;
    },
    deployments: new Deployments({
      types,
      target: project,
      state: () => org.store.state,
      newId: (number) => recordId(DEPLOYMENT_PREFIX, number),
      now: () => clock.now(),
      log,
      production: options.production === true,
    }),
    apex: { rest: (request, userId) => serveRest(org, request, userId), ...apex },
    transaction: hub ? hub.transactions(transaction) : transaction,
    takeRequestFault: () => faults.takeRequest(),
    log,
    connectedApps,
    authorizations: scratch ? [scratch.authorization] : [],
    ...(options.passwords === undefined ? {} : { passwords: options.passwords }),
    ...(options.dailyApiRequests === undefined ? {} : { dailyApiRequests: options.dailyApiRequests }),
  });
  return { api, hub };
};

const runOrg = (options: OrgOptions, parts: OrgParts): LocalOrg => {
  const { types, ownDirectory, tree, without, store, loaded, cache } = parts;
  const { org, info, faults, callouts } = contextOf(options, parts);
  runProject(org, loaded);
  const project = new LiveProject({ org, types, store, loaded, cache, ownDirectory, tree: tree ?? null, without });
  const apex = apexRuns(org, project, cache);
  const { api, hub } = apiOf(options, { org, info, faults, apex, types, project });

  return {
    info,
    get diagnostics() {
      return [...project.diagnostics()];
    },
    door: api.door!,
    handle: (request) => {
      hub?.expire();
      return api(request);
    },
    runDue: () => runAllDue(org),
    runNext: () => runNextDue(org),
    endScratchOrgs: async () => hub?.close(),
    nextDue: () => nextDueTime(org),
    executeAnonymous: (text) => apex.executeAnonymous(text, info.userId),
    runTests: (testOptions = {}) => apex.runTests(testOptions),
    takeCoverage: () => parts.coverage?.take() ?? [],
    injectFault: (fault) => faults.inject(fault),
    letIn: (other) => faults.letIn(other),
    clearFaults: () => faults.clear(),
    holdRows: (ids, ms) => org.store.holdRows(ids, ms),
    releaseRows: () => org.store.releaseRows(),
    skipIds: (count) => org.store.skipIds(count),
    takeSizes: (sizes) => org.store.takeSizes(sizes),
    setNamedCredential: (name, url) => {
      org.namedCredentials[name] = url;
    },
    copy: (own) =>
      runOrg(
        { ...options, callout: undefined, data: undefined, ...own },
        {
          types,
          ownDirectory: null,
          tree: project.deployedTree(),
          without,
          store: project.store.copy(own.clock),
          loaded: project.loaded,
          cache,
          coverage: parts.coverage,
        },
      ),
    close: () => {
      callouts.close();
      project.close();
      org.store.close();
    },
  };
};
