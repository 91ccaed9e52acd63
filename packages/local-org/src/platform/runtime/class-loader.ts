/** The user classes of one transaction: loaded, and their statics initialised, on first use. */
import type { MethodInfo } from '../../compiler/types.ts';
import type { Apex } from '../types.ts';
import { apexException } from '../values/index.ts';
import { hasAnnotation, type LoadedModule, type Program } from './program.ts';

export interface ClassLoaderDeps {
  program: Program;
  /** The runtime that a module of this API version is given. */
  runtimeFor: (module: LoadedModule) => Apex;
  /** Called instead of a @future method. */
  callFuture: (className: string, method: MethodInfo, args: Apex[]) => void;
  /** Whether a future method runs right now, so that its body is called and not queued again. */
  runsFuture: (className: string, method: MethodInfo) => boolean;
}

export class ClassLoader {
  readonly #deps: ClassLoaderDeps;
  readonly #classes = new Map<string, Apex>();
  readonly #initialized = new Set<string>();

  constructor(deps: ClassLoaderDeps) {
    this.#deps = deps;
  }

  /** The class `Outer` or `Outer.Inner`, in any case; static initialisers run before it is first given out. */
  get(name: string): Apex {
    const found = this.load(name);
    const outer = outermost(name);
    if (!this.#initialized.has(outer)) {
      this.#initialized.add(outer);
      for (const type of this.#withInner(outer)) if (Object.hasOwn(type as object, '$init')) type.$init();
    }
    return found;
  }

  /** Inner classes have no statics, but initialise their superclasses: the outer class may need them at once. */
  #withInner(outer: string): Apex[] {
    const inner = [...this.#classes].filter(([name]) => name.startsWith(`${outer}.`)).map(([, type]) => type);
    return [...inner, this.#classes.get(outer)];
  }

  /** Like `get`, without running static initialisers: they may need the very class that is being loaded. */
  load(name: string): Apex {
    const key = name.toLowerCase();
    const known = this.#classes.get(key);
    if (known !== undefined) return known;
    const outer = outermost(key);
    const module = this.#deps.program.classModule(outer);
    if (!module) throw apexException('TypeException', `Dependent class is invalid and needs recompilation: ${name}`);
    if (!this.#classes.has(outer)) {
      const type = module.factory(this.#deps.runtimeFor(module));
      this.define(outer, type);
      this.#queueFutures(type, module);
    }
    const found = this.#classes.get(key);
    if (found === undefined) throw apexException('TypeException', `Invalid type: ${name}`);
    return found;
  }

  /** Values of the static variables of all classes that were loaded. */
  *statics(): Generator<Apex> {
    for (const type of this.#classes.values())
      for (const [name, value] of Object.entries(type as Record<string, Apex>)) if (!DESCRIBED.has(name)) yield value;
  }

  /** Registers a class while its module still loads, so that static initialisers may go round in circles. */
  define(name: string, type: Apex): void {
    this.#classes.set(name.toLowerCase(), type);
  }

  #queueFutures(type: Apex, { module }: LoadedModule): void {
    for (const method of module.class!.methods) {
      if (!hasAnnotation(method, 'future')) continue;
      const body = type[method.member] as (...args: Apex[]) => Apex;
      type[method.member] = (...args: Apex[]): Apex =>
        this.#deps.runsFuture(module.name, method)
          ? body.apply(type, args)
          : this.#deps.callFuture(module.name, method, args);
    }
  }
}

/** Static members of an emitted class that tell what it is. */
const DESCRIBED: ReadonlySet<string> = new Set(['apexName', 'apexKind', 'apexInterfaces', 'apexFields']);

const outermost = (name: string): string => name.toLowerCase().split('.', 1)[0]!;
