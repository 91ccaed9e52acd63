/** A project as an org runs it: its sources, what compiling them takes, the program they make. */
import catalogue from './compiler/generated/type-catalogue.json' with { type: 'json' };
import type { CompileInput, TypeCatalogue } from './compiler/types.ts';
import type { ApexCache } from './apex-cache.ts';
import { refreshApexRows } from './platform/runtime/apex-rows.ts';
import { refreshSubscriptions } from './platform/runtime/events/subscriptions.ts';
import type { OrgContext } from './platform/runtime/org-context.ts';
import { loadModule, Program } from './platform/runtime/program.ts';
import type { ProjectSources } from './platform/runtime/project.ts';
import { describeSchema } from './platform/runtime/schema-description.ts';
import { supportedMembers } from './platform/std/index.ts';
import type { Schema } from './store/types.ts';

/** What compiling needs besides the units. */
export type CompileEnvironment = Omit<CompileInput, 'units'>;

export interface LoadedProject {
  sources: ProjectSources;
  environment: CompileEnvironment;
  program: Program;
}

export const compileProject = (
  sources: ProjectSources,
  schema: Schema,
  cache: ApexCache,
  options: { coverage: boolean } = { coverage: false },
): LoadedProject => {
  const environment: CompileEnvironment = {
    catalogue: catalogue as unknown as TypeCatalogue,
    schema: describeSchema(schema),
    supported: supportedMembers(),
  };
  const { modules, diagnostics } = cache.compile({ units: sources.units, ...environment }, options);
  const units = new Map(sources.units.map((unit) => [unit.path, unit]));
  const loaded = modules.map((module) => {
    const unit = units.get(module.path);
    return loadModule(module, unit?.apiVersion ?? sources.apiVersion, unit?.isActive);
  });
  return { sources, environment, program: new Program(loaded, diagnostics) };
};

/** Lets the org run the project, and brings what it keeps of the project's code in line with it. */
export const runProject = (org: OrgContext, { sources, program }: LoadedProject): void => {
  const { staticResources, labels, securedCredentials } = sources;
  Object.assign(org, { program, staticResources, labels, securedCredentials });
  const transaction = org.store.begin();
  refreshApexRows(org.store, sources.units, program, org.defaultUserId);
  refreshSubscriptions(org.store, program);
  transaction.commit();
};
