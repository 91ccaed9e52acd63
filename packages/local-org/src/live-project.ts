/** The project an org runs, which deployments replace. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import type { Diagnostic } from './compiler/types.ts';
import { KEPT_SOURCE, keepSource, withKeptSource } from './deploy/kept-source.ts';
import type { MetadataTypes } from './deploy/metadata-types.ts';
import { readTree, writeProject } from './deploy/source-tree.ts';
import type { Change, DeployTarget, Rehearsal } from './deploy/target.ts';
import type { SourceTree } from './deploy/types.ts';
import type { ApexCache } from './apex-cache.ts';
import { compileProject, runProject, type LoadedProject } from './loaded-project.ts';
import type { OrgContext } from './platform/runtime/org-context.ts';
import { loadProject, type ProjectSources } from './platform/runtime/project.ts';
import { runTests } from './platform/runtime/testing/run-tests.ts';
import { readStoredState, reloadStore } from './store/index.ts';
import type { LocalStore } from './store/local-store.ts';
import { removeSetup } from './store/setup/remove-setup.ts';
import { InvalidMetadata, type MetadataProblem } from './store/schema/problems.ts';

interface LiveRehearsal extends Rehearsal {
  projectDir: string;
  loaded: LoadedProject | null;
}

const PROJECT_PREFIX = 'local-org-project-';

const ASSIGNMENTS =
  'SELECT Id, PermissionSet.Name FROM PermissionSetAssignment WHERE PermissionSet.IsOwnedByProfile = false';
const UNFINISHED_JOBS =
  "SELECT JobType, ApexClass.Name FROM AsyncApexJob WHERE Status IN ('Holding', 'Queued', 'Preparing', 'Processing')";

export interface StartingProject {
  sources: ProjectSources;
  /** A folder that was written for the org to load, and is the org's to remove. */
  ownDirectory: string | null;
}

/** The project's sources with what earlier deployments brought, which an org on a file keeps. */
export const startingProject = (
  types: MetadataTypes,
  projectDir: string,
  data: string | undefined,
): StartingProject => {
  const sources = loadProject(projectDir);
  const kept = data === undefined ? [] : readStoredState(data, KEPT_SOURCE);
  if (kept.length === 0) return { sources, ownDirectory: null };
  const ownDirectory = mkdtempSync(join(tmpdir(), PROJECT_PREFIX));
  const tree = withKeptSource(types, readTree(types, sources.packageDirectories), kept);
  writeProject(ownDirectory, tree, `${sources.apiVersion}.0`);
  return { sources: loadProject(ownDirectory), ownDirectory };
};

export interface LiveProjectDeps {
  org: OrgContext;
  types: MetadataTypes;
  store: LocalStore;
  loaded: LoadedProject;
  cache: ApexCache;
  ownDirectory: string | null;
  /** The source as deployments left it, when it stands in no folder that lasts. */
  tree?: SourceTree | null;
  /** Standard objects that this kind of org does not have. */
  without: readonly string[];
}

export class LiveProject implements DeployTarget {
  readonly #org: OrgContext;
  readonly #types: MetadataTypes;
  readonly #cache: ApexCache;
  readonly #without: readonly string[];
  #store: LocalStore;
  #loaded: LoadedProject;
  #tree: SourceTree | null;
  #ownDirectory: string | null;

  constructor({ org, types, store, loaded, cache, ownDirectory, tree, without }: LiveProjectDeps) {
    this.#org = org;
    this.#types = types;
    this.#store = store;
    this.#loaded = loaded;
    this.#cache = cache;
    this.#ownDirectory = ownDirectory;
    this.#tree = tree ?? null;
    this.#without = without;
  }

  get store(): LocalStore {
    return this.#store;
  }

  get loaded(): LoadedProject {
    return this.#loaded;
  }

  tree(): SourceTree {
    return (this.#tree ??= readTree(this.#types, this.#loaded.sources.packageDirectories));
  }

  /** The source, when a copy of the org could not read it from the project's folder. */
  deployedTree(): SourceTree | null {
    return this.#ownDirectory === null ? this.#tree : this.tree();
  }

  /** What did not compile, and warnings for metadata that has no effect here. */
  diagnostics(): readonly Diagnostic[] {
    const unsupported = this.#store.unsupported.map(({ file, problem }): Diagnostic => ({
      code: 'UNSUPPORTED_METADATA',
      level: 'warning',
      message: problem,
      path: file,
      line: 1,
      column: 1,
    }));
    return [...unsupported, ...this.#loaded.program.diagnostics];
  }

  lockedClasses(): ReadonlyMap<string, string> {
    const { rows } = this.#store.query(UNFINISHED_JOBS, {
      access: { userId: this.#org.defaultUserId, mode: 'system', sharing: false },
    });
    return new Map(
      rows.flatMap(({ parents, values }) => {
        const name = parents.get('ApexClass')?.values.get('Name');
        return typeof name === 'string' ? [[name.toLowerCase(), String(values.get('JobType'))]] : [];
      }),
    );
  }

  assignedPermissionSets(): ReadonlySet<string> {
    const { rows } = this.#store.query(ASSIGNMENTS, {
      access: { userId: this.#org.defaultUserId, mode: 'system', sharing: false },
    });
    return new Set(
      rows.map(({ parents }) => String(parents.get('PermissionSet')?.values.get('Name') ?? '').toLowerCase()),
    );
  }

  rehearse(tree: SourceTree): LiveRehearsal {
    const projectDir = mkdtempSync(join(tmpdir(), PROJECT_PREFIX));
    const copy = this.#store.isolatedCopy();
    const discard = (): void => {
      copy.close();
      if (projectDir !== this.#ownDirectory) rmSync(projectDir, { recursive: true, force: true });
    };
    try {
      writeProject(projectDir, tree, `${this.#loaded.sources.apiVersion}.0`);
      return { ...this.#load(projectDir, copy), projectDir, discard };
    } catch (error) {
      discard();
      throw error;
    }
  }

  #load(projectDir: string, copy: LocalStore): Omit<LiveRehearsal, 'projectDir' | 'discard'> {
    const sources = loadProject(projectDir);
    try {
      const store = reloadStore(copy, { packageDirs: sources.packageDirectories, without: this.#without });
      const loaded = compileProject(sources, store.schema, this.#cache, { coverage: this.#org.coverage !== null });
      const org: OrgContext = { ...this.#org, store };
      return {
        loaded,
        metadataProblems: this.#newlyUnsupported(projectDir, store),
        diagnostics: [...loaded.program.diagnostics],
        runTests: (classNames) => {
          runProject(org, compileProject(sources, store.schema, this.#cache, { coverage: true }));
          return runTests(org, sources.units, { coverage: true, ...(classNames ? { classNames } : {}) });
        },
      };
    } catch (error) {
      if (!(error instanceof InvalidMetadata)) throw error;
      const metadataProblems = error.problems.map(({ file, problem }) => ({
        file: file.startsWith(projectDir) ? relative(projectDir, file) : file,
        problem,
      }));
      return { loaded: null, metadataProblems, diagnostics: [], runTests: notLoaded };
    }
  }

  /** What a deployment brings of types that the org does not have is refused; what the project had before is only told. */
  #newlyUnsupported(projectDir: string, { unsupported }: LocalStore): MetadataProblem[] {
    const before = new Set(this.#store.unsupported.map(({ file }) => basename(file)));
    return unsupported
      .filter(({ file }) => !before.has(basename(file)))
      .map(({ file, problem }) => ({ file: relative(projectDir, file), problem }));
  }

  replace(rehearsal: Rehearsal, { tree, changed, removed }: Change): void {
    const { projectDir, loaded } = rehearsal as LiveRehearsal;
    if (loaded === null) return notLoaded();
    const metadata = { packageDirs: loaded.sources.packageDirectories, without: this.#without };
    this.#store = reloadStore(this.#store, metadata, ({ state, platformRows }) => {
      keepSource(this.#types, state, changed, removed);
      removeSetup(platformRows, removed);
    });
    this.#org.store = this.#store;
    this.#loaded = loaded;
    this.#tree = tree;
    runProject(this.#org, loaded);
    this.#org.coverage?.measure(loaded.program);
    this.#pointCredentials(loaded.sources, changed);
    this.close();
    this.#ownDirectory = projectDir;
  }

  /** A named credential that a deployment brings leads where its file says, wherever somebody had pointed it. */
  #pointCredentials({ namedCredentials }: ProjectSources, changed: SourceTree): void {
    for (const [name, url] of namedCredentials)
      if (changed.has(`namedCredentials/${name}.namedCredential-meta.xml`)) this.#org.namedCredentials[name] = url;
  }

  /** Removes what was written for the org to load. */
  close(): void {
    if (this.#ownDirectory !== null) rmSync(this.#ownDirectory, { recursive: true, force: true });
    this.#ownDirectory = null;
  }
}

const notLoaded = (): never => {
  throw new Error('The project did not load: what failed its rehearsal cannot be run');
};
