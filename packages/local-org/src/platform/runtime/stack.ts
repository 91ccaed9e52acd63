/** JavaScript stack traces of compiled modules, as Apex stack traces. */
import type { ClassInfo, CompiledModule } from '../../compiler/types.ts';
import type { ApexFrame } from '../values/index.ts';
import { SCRIPT_PREFIX } from './program.ts';

interface ModuleSource {
  module(path: string): CompiledModule | undefined;
}

const FRAME = new RegExp(`${SCRIPT_PREFIX}(.+?):(\\d+):(\\d+)\\)?$`);

/** How deep traces are kept. The default of 10 would lose the caller behind the platform's own frames. */
export const STACK_TRACE_LIMIT = 60;

/** Frames of compiled Apex in a JavaScript stack trace, innermost first. The platform tells column 1 for every frame. */
export const apexFrames = (stack: string | undefined, program: ModuleSource): ApexFrame[] => {
  const frames: ApexFrame[] = [];
  for (const text of (stack ?? '').split('\n')) {
    const match = FRAME.exec(text);
    const module = match && program.module(match[1]!);
    if (!module) continue;
    const line = module.lines[Number(match[2]) - 1] ?? 0;
    if (line === 0) continue;
    const frame = { location: locationOf(module, line), line, column: 1 };
    const previous = frames.at(-1);
    // One Apex call may take several JavaScript frames (closures, static initialisers).
    if (previous?.location === frame.location && previous.line === frame.line) continue;
    frames.push(frame);
  }
  return frames;
};

/** `Class.Outer.Inner.method: line 3, column 1`, one frame a line. */
export const formatFrames = (frames: readonly ApexFrame[]): string =>
  frames.map((frame) => `${frame.location}: line ${frame.line}, column ${frame.column}`).join('\n');

const locationOf = (module: CompiledModule, line: number): string => {
  if (module.kind === 'trigger') return `Trigger.${module.name}`;
  if (module.kind === 'anonymous' || !module.class) return 'AnonymousBlock';
  const { type, method } = enclosing(module.class, line);
  return `Class.${type.name}.${method ?? '<init>'}`;
};

/** The innermost class and the last method that begin at or before `line`. */
const enclosing = (type: ClassInfo, line: number): { type: ClassInfo; method: string | null } => {
  const starts = [
    ...type.methods.map((method) => ({ line: method.line, found: { type, method: method.name } })),
    ...type.inner.map((inner) => ({ line: inner.line, found: inner })),
  ].filter((start) => start.line <= line);
  if (starts.length === 0) return { type, method: null };
  const last = starts.reduce((a, b) => (b.line >= a.line ? b : a));
  return 'name' in last.found ? enclosing(last.found, line) : last.found;
};
