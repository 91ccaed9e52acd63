/** How thoroughly the engine compiles WebAssembly, as scripts/testing/node-suite.ts sets it: best for what lives for moments. */
export const QUICK_START = ['--liftoff-only', '--wasm-lazy-validation'];

/** The flags of this process that hold for the processes of Node that it starts, too. Node does not pass them on by itself. */
export const engineFlags = (): string[] => process.execArgv.filter((flag) => QUICK_START.includes(flag));
