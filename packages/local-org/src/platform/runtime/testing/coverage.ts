/** Lines that tests ran, of the classes and triggers that are not tests themselves. */
import type { ClassCoverage } from '../outcomes.ts';
import { hasAnnotation, type Program } from '../program.ts';

export class CoverageRecord {
  /** By module path; modules that are not measured have no entry. */
  readonly lines: Map<string, Set<number>>;
  readonly #program: Program;

  constructor(program: Program) {
    this.#program = program;
    const measured = program.modules().filter((module) => !(module.class && hasAnnotation(module.class, 'istest')));
    this.lines = new Map(measured.map((module) => [module.path, new Set<number>()]));
  }

  result(): ClassCoverage[] {
    return this.#program
      .modules()
      .filter((module) => this.lines.has(module.path) && module.executableLines.length > 0)
      .map((module) => {
        const ran = this.lines.get(module.path)!;
        return {
          name: module.name,
          kind: module.trigger ? 'trigger' : 'class',
          covered: module.executableLines.filter((line) => ran.has(line)),
          uncovered: module.executableLines.filter((line) => !ran.has(line)),
        };
      });
  }
}
