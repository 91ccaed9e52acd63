import { Session } from 'node:inspector/promises';
import { ranSegments, type Segments } from './ran-segments.ts';

/** V8's counts of some modules of this process. Those that were loaded before it began are not counted. */
export class ModuleCoverage {
  readonly #session: Session;
  readonly #files: ReadonlyMap<string, string>;

  private constructor(session: Session, files: ReadonlyMap<string, string>) {
    this.#session = session;
    this.#files = files;
  }

  /** `files`: the modules' URLs, and what each is called. */
  static async begin(files: ReadonlyMap<string, string>): Promise<ModuleCoverage> {
    const session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    return new ModuleCoverage(session, files);
  }

  /** What has run since the last call. Node leaves types out by blanks: indices are those of the file. */
  async take(): Promise<Record<string, Segments>> {
    const { result } = await this.#session.post('Profiler.takePreciseCoverage');
    const taken: Record<string, Segments> = {};
    for (const { url, functions } of result) {
      const file = this.#files.get(url);
      if (file !== undefined) taken[file] = ranSegments(functions);
    }
    return taken;
  }
}
