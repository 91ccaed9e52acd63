/** Lines that ran, of the classes and triggers that are not tests themselves. */
import type { CompiledModule } from '../../../compiler/types.ts';
import type { ClassCoverage } from '../outcomes.ts';
import { hasAnnotation, type Program } from '../program.ts';

interface Measured {
  module: CompiledModule;
  ran: Set<number>;
}

const isMeasured = (module: CompiledModule): boolean => !(module.class && hasAnnotation(module.class, 'istest'));

const nameOf = ({ name, trigger }: CompiledModule): string => `${trigger ? 'trigger' : 'class'} ${name.toLowerCase()}`;

const isSame = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((line, index) => line === b[index]);

export class CoverageRecord {
  /** By module path; modules that are not measured have no entry. */
  readonly lines = new Map<string, Set<number>>();
  /** By kind and name: a deployment gives a class another path. */
  readonly #measured = new Map<string, Measured>();

  constructor(program: Program) {
    this.measure(program);
  }

  /** This program runs too. What has the same lines as before counts on; of what has others, only these count from now on. */
  measure(program: Program): void {
    for (const module of program.modules().filter(isMeasured)) {
      const known = this.#measured.get(nameOf(module));
      const counts = known !== undefined && isSame(known.module.executableLines, module.executableLines);
      const ran = counts ? known.ran : new Set<number>();
      this.#measured.set(nameOf(module), { module, ran });
      this.lines.set(module.path, ran);
    }
  }

  result(): ClassCoverage[] {
    return [...this.#measured.values()]
      .filter(({ module }) => module.executableLines.length > 0)
      .map(({ module, ran }) => ({
        name: module.name,
        kind: module.trigger ? 'trigger' : 'class',
        covered: module.executableLines.filter((line) => ran.has(line)),
        uncovered: module.executableLines.filter((line) => !ran.has(line)),
      }));
  }

  /** What ran since the last call. */
  take(): ClassCoverage[] {
    const result = this.result();
    for (const ran of this.lines.values()) ran.clear();
    return result;
  }
}
