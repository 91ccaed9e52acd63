#!/usr/bin/env node
/** The command `local-org` of the packed package: says which Node it needs before anything asks for more. */
const LEAST_MAJOR = 24;
const major = Number(process.versions.node.split('.', 1)[0]);

if (major >= LEAST_MAJOR) await import('./local-org/cli/main.js');
else {
  process.stderr.write(`local-org needs Node ${LEAST_MAJOR} or newer; this is ${process.version}\n`);
  process.exitCode = 2;
}
