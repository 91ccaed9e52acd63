/** The compiled project: modules as runnable scripts, classes and triggers by name. Shared by all transactions. */
import { Script } from 'node:vm';
import type { ClassInfo, CompiledModule, Diagnostic, MethodInfo, TriggerEventName } from '../../compiler/types.ts';
import type { Apex } from '../types.ts';

/** Makes a module's class object, or its run function, for one transaction's runtime. */
export type ModuleFactory = ($: Apex) => Apex;

export interface LoadedModule {
  module: CompiledModule;
  factory: ModuleFactory;
  apiVersion: number;
  /** False of a trigger that is switched off. */
  isActive: boolean;
}

/** Stack frames of compiled Apex name their script so; see stack.ts. */
export const SCRIPT_PREFIX = 'apex:';

/** JavaScript is parsed when a class is first used, not when the project is loaded. */
export const loadModule = (module: CompiledModule, apiVersion: number, isActive = true): LoadedModule => {
  let made: ModuleFactory | undefined;
  const make = (): ModuleFactory =>
    new Script(module.code, { filename: SCRIPT_PREFIX + module.path }).runInThisContext() as ModuleFactory;
  return { module, apiVersion, isActive, factory: ($) => (made ??= make())($) };
};

export class Program {
  readonly diagnostics: readonly Diagnostic[];
  readonly #modules: readonly LoadedModule[];
  readonly #classes = new Map<string, LoadedModule>();
  readonly #infos = new Map<string, ClassInfo>();
  readonly #triggers = new Map<string, LoadedModule[]>();
  readonly #byPath = new Map<string, CompiledModule>();

  constructor(modules: readonly LoadedModule[], diagnostics: readonly Diagnostic[]) {
    this.diagnostics = diagnostics;
    this.#modules = modules;
    for (const loaded of modules) {
      const { module } = loaded;
      this.#byPath.set(module.path, module);
      if (module.class) {
        this.#classes.set(module.name.toLowerCase(), loaded);
        this.#register(module.class);
      }
      if (module.trigger) {
        const object = module.trigger.object.toLowerCase();
        this.#triggers.set(object, [...(this.#triggers.get(object) ?? []), loaded]);
      }
    }
    // Salesforce gives no order; a fixed one makes runs repeatable.
    for (const triggers of this.#triggers.values()) triggers.sort((a, b) => (a.module.name < b.module.name ? -1 : 1));
  }

  /** The module that holds the class `Outer`. */
  classModule(name: string): LoadedModule | undefined {
    return this.#classes.get(name.toLowerCase());
  }

  /** What is known of `Outer` or `Outer.Inner`. */
  classInfo(name: string): ClassInfo | undefined {
    return this.#infos.get(name.toLowerCase());
  }

  /** Top-level classes. */
  classes(): ClassInfo[] {
    return [...this.#classes.values()].map((loaded) => loaded.module.class!);
  }

  triggers(object: string, event: TriggerEventName): LoadedModule[] {
    return (this.#triggers.get(object.toLowerCase()) ?? []).filter(
      ({ isActive, module }) => isActive && module.trigger!.events.includes(event),
    );
  }

  /** This program and one more script: what anonymous Apex runs in. */
  with(script: LoadedModule): Program {
    return new Program([...this.#modules, script], this.diagnostics);
  }

  module(path: string): CompiledModule | undefined {
    return this.#byPath.get(path);
  }

  modules(): CompiledModule[] {
    return [...this.#byPath.values()];
  }

  /** Is `name` the class `ancestor`, or does it extend or implement it? Names in any case, interfaces with or without type arguments. */
  isSubtype(name: string, ancestor: string): boolean {
    const wanted = ancestor.toLowerCase();
    for (let info = this.classInfo(name); info !== undefined;) {
      if (info.name.toLowerCase() === wanted) return true;
      if (info.interfaces.some((type) => type.toLowerCase() === wanted || withoutArguments(type) === wanted))
        return true;
      const { superclass } = info;
      if (superclass === undefined) return false;
      if (superclass.toLowerCase() === wanted) return true;
      info = this.classInfo(superclass);
    }
    return false;
  }

  /** The nearest superclass that the platform provides (`Exception`), or null. */
  platformSuperclass(name: string): string | null {
    let info = this.classInfo(name);
    while (info?.superclass !== undefined) {
      const parent = this.classInfo(info.superclass);
      if (parent === undefined) return info.superclass;
      info = parent;
    }
    return null;
  }

  #register(info: ClassInfo): void {
    this.#infos.set(info.name.toLowerCase(), info);
    for (const inner of info.inner) this.#register(inner);
  }
}

const withoutArguments = (type: string): string => type.toLowerCase().replace(/<.*$/, '');

export const hasAnnotation = (of: ClassInfo | MethodInfo, name: string): boolean =>
  of.annotations.some((annotation) => annotation.name === name);
