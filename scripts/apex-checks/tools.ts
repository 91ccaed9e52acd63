import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const POM = 'config/apex-tools/pom.xml';

/** A problem in an Apex file, whichever tool found it. */
export interface Finding {
  path: string;
  line: number;
  text: string;
}

/** The class path of a tool: its jars, fetched once for each version of the pom. */
export function toolJars(profile: string): string {
  const version = createHash('sha256').update(readFileSync(POM)).digest('hex').slice(0, 12);
  const folder = resolve('.concord', 'apex-tools', `${profile}-${version}`);
  if (!existsSync(folder)) fetchJars(profile, folder);
  return join(folder, '*');
}

function fetchJars(profile: string, folder: string): void {
  console.log(`fetching ${profile} with Maven, once`);
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${partial}`];
  const { status, error, stdout } = spawnSync('mvn', ['-q', '-B', '-f', POM, '-P', profile, ...goal], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (error !== undefined)
    throw new Error(`Maven cannot be started (${error.message}); the Apex checks need it and Java 17.`);
  if (status !== 0) throw new Error(`Maven could not fetch ${profile}:\n${stdout}`);
  renameSync(partial, folder);
}

/** Runs a tool and reads its JSON; whatever else it answers is an error of the tool itself. */
export function runJava(classPath: string, mainClass: string, args: string[], environment = {}): unknown {
  const result = spawnSync('java', ['-cp', classPath, mainClass, ...args], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, ...environment },
  });
  if (result.error !== undefined) throw new Error(`Java cannot be started: ${result.error.message}`);
  try {
    return JSON.parse(result.stdout) as unknown;
  } catch {
    throw new Error(`${mainClass} ended with ${result.status}:\n${result.stdout}\n${result.stderr}`);
  }
}
