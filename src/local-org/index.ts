/** createOrg(): a whole Salesforce org in the caller's thread, on the clock and randomness it is given. */
import { createApi } from './api/index.ts';
import { compile, parse } from './compiler/index.ts';
import catalogue from './compiler/generated/type-catalogue.json' with { type: 'json' };
import type { CompileInput, SourceUnit, SupportedMembers, TypeCatalogue } from './compiler/types.ts';
import { nextDueTime, runAllDue, runNextDue } from './platform/runtime/async/due.ts';
import { refreshApexRows } from './platform/runtime/apex-rows.ts';
import { blockingHttp } from './platform/runtime/callout/blocking-http.ts';
import { fromHandler } from './platform/runtime/callout/from-handler.ts';
import { ANONYMOUS_API_VERSION, runAnonymous } from './platform/runtime/entry/anonymous.ts';
import { runApiTransaction } from './platform/runtime/entry/api-transaction.ts';
import { serveRest } from './platform/runtime/entry/rest.ts';
import { refreshSubscriptions } from './platform/runtime/events/subscriptions.ts';
import { Faults } from './platform/runtime/faults.ts';
import type { OrgContext } from './platform/runtime/org-context.ts';
import { orgInfo } from './platform/runtime/org-info.ts';
import { loadModule, Program } from './platform/runtime/program.ts';
import { loadProject, type ProjectSources } from './platform/runtime/project.ts';
import { describeSchema } from './platform/runtime/schema-description.ts';
import { runTests } from './platform/runtime/testing/run-tests.ts';
import { openParseCache, type ParseCache } from './parse-cache.ts';
import { supportedMembers } from './platform/std/index.ts';
import { openStore } from './store/index.ts';
import type { Schema } from './store/types.ts';
import type { ApexTestRun, ExecuteAnonymousResult, Org, OrgOptions } from './types.ts';

export type { Org, OrgOptions } from './types.ts';

/** What compiling needs besides the units. */
type CompileEnvironment = Omit<CompileInput, 'units'>;

/** An org, and what a service needs besides to run its due work bit by bit. */
export interface LocalOrg extends Org {
  /** Runs one unit of due work; false when nothing is due. */
  runNext(): boolean;
}

export const createOrg = (options: OrgOptions): LocalOrg => {
  const log = options.log ?? (() => {});
  const project = loadProject(options.projectDir);
  const store = openStore({
    packageDirs: project.packageDirectories,
    clock: options.clock,
    random: options.random,
    ...(options.data === undefined ? {} : { file: options.data }),
    ...(options.username === undefined ? {} : { username: options.username }),
  });
  const environment = compileEnvironment(store.schema);
  const parsed = openParseCache(options.projectDir);
  const program = compileProject(project, environment, parsed);
  const faults = new Faults();
  const info = orgInfo(store, options.random, options.username);
  const callouts = options.callout === undefined ? blockingHttp() : fromHandler(options.callout);
  const org: OrgContext = {
    store,
    program,
    catalogue: environment.catalogue,
    clock: options.clock,
    random: options.random,
    callout: callouts,
    namedCredentials: { ...options.namedCredentials },
    staticResources: project.staticResources,
    labels: project.labels,
    faults,
    log,
    defaultUserId: info.userId,
  };
  prepare(org, project);

  const executeAnonymous = (apex: string, userId: string): ExecuteAnonymousResult => {
    const unit: SourceUnit = { kind: 'anonymous', name: 'anonymous', path: 'anonymous', text: apex, apiVersion: ANONYMOUS_API_VERSION };
    const { modules, diagnostics } = compile(
      { units: [...project.units, unit], ...environment },
      { parse: (source) => (source === unit ? parse(source.kind, source.text) : parsed.parse(source)), declareOnly: (source) => source !== unit },
    );
    return runAnonymous(org, userId, {
      module: modules.find((module) => module.kind === 'anonymous') ?? null,
      diagnostics: diagnostics.filter((diagnostic) => diagnostic.path === unit.path),
    });
  };
  const test = (testOptions: { classNames?: string[]; coverage?: boolean } = {}): ApexTestRun => runTests(org, project.units, testOptions);
  const handle = createApi({
    info,
    clock: options.clock,
    random: options.random,
    store,
    apex: { rest: (request, userId) => serveRest(org, request, userId), executeAnonymous, runTests: test },
    transaction: (userId, work) => runApiTransaction(org, userId, work),
    takeRequestFault: () => faults.takeRequest(),
    log,
    ...(options.connectedApps === undefined ? {} : { connectedApps: options.connectedApps }),
    ...(options.passwords === undefined ? {} : { passwords: options.passwords }),
    ...(options.dailyApiRequests === undefined ? {} : { dailyApiRequests: options.dailyApiRequests }),
  });

  return {
    info,
    diagnostics: [...program.diagnostics],
    handle,
    runDue: () => runAllDue(org),
    runNext: () => runNextDue(org),
    nextDue: () => nextDueTime(org),
    executeAnonymous: (apex) => executeAnonymous(apex, info.userId),
    runTests: test,
    injectFault: (fault) => faults.inject(fault),
    setNamedCredential: (name, url) => {
      org.namedCredentials[name] = url;
    },
    close: () => {
      callouts.close();
      store.close();
    },
  };
};

const compileEnvironment = (schema: Schema): CompileEnvironment => ({
  catalogue: catalogue as unknown as TypeCatalogue,
  schema: describeSchema(schema),
  supported: supportedMembers() satisfies SupportedMembers,
});

const compileProject = (project: ProjectSources, environment: CompileEnvironment, parsed: ParseCache): Program => {
  const { modules, diagnostics } = compile({ units: project.units, ...environment }, { parse: (unit) => parsed.parse(unit) });
  parsed.save();
  const versions = new Map(project.units.map((unit) => [unit.path, unit.apiVersion ?? project.apiVersion]));
  return new Program(
    modules.map((module) => loadModule(module, versions.get(module.path) ?? project.apiVersion)),
    diagnostics,
  );
};

/** Brings what the org keeps of the project's code in line with it. */
const prepare = (org: OrgContext, project: ProjectSources): void => {
  const transaction = org.store.begin();
  refreshApexRows(org.store, project.units, org.program, org.defaultUserId);
  refreshSubscriptions(org.store, org.program);
  transaction.commit();
};

