/**
 * For processes that many test files share, imported before them: there the embedded database lives long enough for code
 * that is compiled a second time, for speed. The middle layer's files take a quarter less processor time so.
 */
import { setFlagsFromString } from 'node:v8';

// the first has turned the others off
for (const flag of ['--no-liftoff-only', '--wasm-tier-up', '--wasm-dynamic-tiering']) setFlagsFromString(flag);
