/**
 * Shows that every package directory of sfdx-project.json can be deployed, as far as that can be told without an org: every file
 * belongs to a component Salesforce's own tools recognise, is well-formed, and converts to the
 * format of the Metadata API. Each component counts as a test.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { ComponentSet, MetadataConverter } from '@salesforce/source-deploy-retrieve';
import type { SourceComponent } from '@salesforce/source-deploy-retrieve';
import { readArgsOrExit } from 'kernel/command-line.ts';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { deployableFiles, filesOf, resolvedFiles } from './metadata/source-files.ts';
import { readProject } from './metadata/package-directories.ts';
import { closingLine } from './testing/suite.ts';

readArgsOrExit(
  { options: {} },
  `npm run check:metadata

  Checks that every file of the package directories belongs to a component, is well-formed, and converts for the Metadata API.

exit 0: all hold · 1: one does not · 2: unusable arguments`,
);

const NAMESPACE = 'http://soap.sforce.com/2006/04/metadata';
const parser = new XMLParser({ ignoreAttributes: false, ignoreDeclaration: true });

const project = readProject('.');
const directories = project.packageDirectories.map(({ path }) => path);
const set = ComponentSet.fromSource(directories.map((directory) => resolve(directory)));
set.sourceApiVersion = project.sourceApiVersion;
const components = set.getSourceComponents().toArray();

function problemsOf(component: SourceComponent): string[] {
  // Children such as fields have files of their own; labels stand in their parent's.
  const children = component.getChildren().filter(({ xml }) => xml !== component.xml);
  const parts = [component, ...children];
  const problems = parts.flatMap((part) => (part.xml === undefined ? [] : xmlProblems(part.xml, part.type.name)));
  if (component.type.name === 'LightningComponentBundle' && !filesOf(component).some((path) => path.endsWith('.js'))) {
    problems.push(`${component.name} has no JavaScript: run \`npm run build:lwc\``);
  }
  return problems;
}

function xmlProblems(path: string, type: string): string[] {
  const text = readFileSync(path, 'utf8');
  const name = relative('.', path);
  const valid = XMLValidator.validate(text);
  if (valid !== true) return [`${name}:${valid.err.line} ${valid.err.msg}`];
  const [[root = '', content] = []] = Object.entries(parser.parse(text) as Record<string, Record<string, unknown>>);
  if (root !== type) return [`${name}: the root element is ${root}, not ${type}`];
  return content?.['@_xmlns'] === NAMESPACE ? [] : [`${name}: ${root} has no xmlns="${NAMESPACE}"`];
}

async function conversionProblems(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'concord-metadata-'));
  try {
    const target = { type: 'directory', outputDirectory: folder, genUniqueDir: false } as const;
    const { converted } = await new MetadataConverter().convert(set, 'metadata', target);
    return (converted ?? []).length === 0 ? ['nothing was converted'] : [];
  } catch (error) {
    return [`conversion: ${(error as Error).message}`];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const resolved = resolvedFiles(set);
const orphans = deployableFiles(directories).filter((path) => !resolved.has(path));
const failures = components.map(problemsOf).filter((problems) => problems.length > 0);
const conversion = await conversionProblems();

for (const path of orphans) console.error(`${relative('.', path)}: belongs to no component`);
for (const problem of [...failures.flat(), ...conversion]) console.error(problem);
const failed = failures.length + orphans.length + conversion.length;
console.log(`${components.length} components of ${new Set(components.map(({ type }) => type.name)).size} types`);
console.log(closingLine(components.length - failures.length, failed));
process.exitCode = failed === 0 && components.length > 0 ? 0 : 1;
