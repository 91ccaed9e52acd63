import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import type { SourceUnit } from '../../compiler/types.ts';

/** What a project of the Salesforce DX layout holds for the runtime. */
export interface ProjectSources {
  /** Absolute paths of the package directories. */
  packageDirectories: string[];
  units: SourceUnit[];
  /** Static resources by lower-cased name: path of the content. */
  staticResources: Map<string, string>;
  /** Custom labels by lower-cased name. */
  labels: Map<string, string>;
  /** Where named credentials lead: name to URL. */
  namedCredentials: Map<string, string>;
  /** Those that prove who calls by an external credential, by lower-cased name. */
  securedCredentials: Set<string>;
  /** `sourceApiVersion` of the project. */
  apiVersion: number;
}

interface ProjectFile {
  packageDirectories?: { path?: string }[];
  sourceApiVersion?: string;
}

/** A project without `sourceApiVersion`, and a class without -meta.xml, are taken to be of this version. */
const DEFAULT_API_VERSION = 67;

/** Reads sfdx-project.json and every class, trigger and static resource below its package directories. */
export const loadProject = (projectDir: string): ProjectSources => {
  const file = readProjectFile(projectDir);
  const packageDirectories = (file.packageDirectories ?? []).map((entry) => join(projectDir, entry.path ?? ''));
  for (const directory of packageDirectories) {
    if (!existsSync(directory))
      throw new Error(
        `${join(projectDir, 'sfdx-project.json')} names the package directory ${directory}, which does not exist; create it or remove the entry`,
      );
  }
  const apiVersion = Number(file.sourceApiVersion) || DEFAULT_API_VERSION;
  const units: SourceUnit[] = [];
  const staticResources = new Map<string, string>();
  const labels = new Map<string, string>();
  const namedCredentials = new Map<string, string>();
  const securedCredentials = new Set<string>();
  for (const path of packageDirectories.flatMap(filesBelow)) {
    if (path.endsWith('.cls') || path.endsWith('.trigger')) {
      units.push(sourceUnit(projectDir, path, apiVersion));
    } else if (path.includes(`${sep}staticresources${sep}`) && !path.endsWith('-meta.xml')) {
      staticResources.set(
        basename(path)
          .replace(/\.[^.]*$/, '')
          .toLowerCase(),
        path,
      );
    } else if (path.endsWith('.labels-meta.xml')) {
      for (const [name, value] of readLabels(path)) labels.set(name.toLowerCase(), value);
    } else if (path.endsWith(NAMED_CREDENTIAL)) {
      const name = basename(path, NAMED_CREDENTIAL);
      const { url, isSecured } = readNamedCredential(path);
      if (url !== undefined) namedCredentials.set(name, url);
      if (isSecured) securedCredentials.add(name.toLowerCase());
    }
  }
  return { packageDirectories, units, staticResources, labels, namedCredentials, securedCredentials, apiVersion };
};

const NAMED_CREDENTIAL = '.namedCredential-meta.xml';

interface NamedCredentialFile {
  NamedCredential?: {
    /** Of the older kind. */
    endpoint?: string;
    namedCredentialParameters?: { parameterType?: string; parameterValue?: string; externalCredential?: string }[];
  };
}

const readNamedCredential = (path: string): { url: string | undefined; isSecured: boolean } => {
  const parser = new XMLParser({ parseTagValue: false, isArray: (name) => name === 'namedCredentialParameters' });
  const { NamedCredential: file } = parser.parse(readFileSync(path, 'utf8')) as NamedCredentialFile;
  const parameters = file?.namedCredentialParameters ?? [];
  return {
    url: parameters.find(({ parameterType }) => parameterType === 'Url')?.parameterValue ?? file?.endpoint,
    isSecured: parameters.some(({ externalCredential }) => externalCredential !== undefined),
  };
};

const readProjectFile = (projectDir: string): ProjectFile => {
  const path = join(projectDir, 'sfdx-project.json');
  if (!existsSync(path))
    throw new Error(`${path} does not exist: the project directory must be the root of a Salesforce DX project`);
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProjectFile;
  } catch (error) {
    throw new Error(`${path} is not valid JSON: ${(error as Error).message}`, { cause: error });
  }
};

/** All files below a directory, sorted, so that every load sees the same order. */
const filesBelow = (directory: string): string[] =>
  readdirSync(directory, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(directory, entry.name);
      if (entry.isDirectory())
        return entry.name === 'node_modules' || entry.name.startsWith('.') ? [] : filesBelow(path);
      return [path];
    });

const sourceUnit = (projectDir: string, path: string, projectVersion: number): SourceUnit => ({
  kind: path.endsWith('.trigger') ? 'trigger' : 'class',
  name: basename(path).replace(/\.(cls|trigger)$/, ''),
  path: relative(projectDir, path).split(sep).join('/'),
  text: readFileSync(path, 'utf8'),
  apiVersion: metaApiVersion(`${path}-meta.xml`) ?? projectVersion,
  isActive: !isInactiveTrigger(path),
});

/** Metadata API Developer Guide, ApexTrigger: `status` is Active, Deleted or Inactive. Classes are always active. */
const isInactiveTrigger = (path: string): boolean =>
  path.endsWith('.trigger') &&
  existsSync(`${path}-meta.xml`) &&
  /<status>\s*Inactive\s*<\/status>/.test(readFileSync(`${path}-meta.xml`, 'utf8'));

const metaApiVersion = (path: string): number | null => {
  if (!existsSync(path)) return null;
  const match = /<apiVersion>\s*([\d.]+)\s*<\/apiVersion>/.exec(readFileSync(path, 'utf8'));
  return match ? Number(match[1]) : null;
};

interface LabelsFile {
  CustomLabels?: { labels?: { fullName: string; value: string }[] };
}

const readLabels = (path: string): [name: string, value: string][] => {
  const parser = new XMLParser({ parseTagValue: false, isArray: (name) => name === 'labels' });
  const { CustomLabels: file } = parser.parse(readFileSync(path, 'utf8')) as LabelsFile;
  return (file?.labels ?? []).map((label) => [label.fullName, label.value]);
};
