/** The modules `@salesforce/…`: what the platform knows of the project and the person, as JavaScript. */
import { globSync, readFileSync } from 'node:fs';
import { XMLParser } from 'fast-xml-parser';
import { queried, type OrgSession } from './org-session.ts';

/** Where a page finds them; below it, what follows `@salesforce/`. */
export const PLATFORM_MODULES = '/salesforce/';

interface Viewer {
  /** Sees what the platform sees. */
  platform: OrgSession;
  userId: string;
}

type ModuleSource = (name: string, viewer: Viewer) => string | Promise<string>;

const labelParser = new XMLParser({ isArray: (tag) => tag === 'labels', parseTagValue: false });
const constant = (value: unknown): string => `export default ${JSON.stringify(value) ?? 'undefined'};`;

/** Of everybody who looks at a page; the browser's too. */
const LOCALE = 'en-US';

/** `@salesforce/apex`: methods that are called or wired, and refreshApex, which makes a wire ask again. No answer is cached. */
const APEX = `const wires = new WeakMap();

export const refreshApex = async (provided) => wires.get(provided)?.read();

export const apexMethod = (method) => {
  const call = async (parameters = {}) => {
    const response = await fetch('/apex/' + method, { method: 'POST', body: JSON.stringify(parameters) });
    const body = await response.json();
    if (response.ok) return body;
    throw { ok: false, status: response.status, statusText: response.statusText, body };
  };
  class Wire {
    constructor(provide) {
      this.provide = (result) => {
        wires.set(result, this);
        provide(result);
      };
      this.provide({ data: undefined, error: undefined });
    }
    connect() {}
    disconnect() {}
    update(config) {
      this.config = config;
      // as on the platform: nothing is asked for before all parameters are there
      if (Object.values(config).every((value) => value !== undefined)) void this.read();
    }
    async read() {
      try {
        this.provide({ data: await call(this.config), error: undefined });
      } catch (error) {
        this.provide({ data: undefined, error });
      }
    }
  }
  return Object.assign(call, { adapter: Wire });
};`;

const SOURCES: Record<string, ModuleSource> = {
  apex: (method) =>
    method === ''
      ? APEX
      : `import { apexMethod } from '${PLATFORM_MODULES}apex';
export default apexMethod('${method}');`,
  i18n: () => constant(LOCALE),
  customPermission: async (name, { platform, userId }) => constant(await holds(platform, userId, name)),
  schema(name) {
    const [objectApiName, ...field] = name.split('.');
    return constant({ fieldApiName: field.join('.'), objectApiName });
  },
};

/** The module at a URL's path, or null when the platform has none like it. */
export const platformModule = (path: string, viewer: Viewer): string | Promise<string> | null => {
  const [kind = '', name = ''] = path.slice(PLATFORM_MODULES.length).split('/');
  return SOURCES[kind]?.(name, viewer) ?? null;
};

/** True, or undefined as on the platform. */
const holds = async (platform: OrgSession, userId: string, name: string): Promise<true | undefined> => {
  const [permission] = await queried(platform, `SELECT Id FROM CustomPermission WHERE DeveloperName = '${name}'`);
  if (permission === undefined) throw new Error(`there is no custom permission ${name}`);
  const granted = await queried(
    platform,
    `SELECT Id FROM SetupEntityAccess WHERE SetupEntityId = '${permission.Id}'
       AND ParentId IN (SELECT PermissionSetId FROM PermissionSetAssignment WHERE AssigneeId = '${userId}')`,
  );
  return granted.length > 0 ? true : undefined;
};

/** The project's labels, each a module within its own URL: components import many, and each would be a request. */
export const labelImports = (): Record<string, string> =>
  Object.fromEntries(
    globSync('force-app/*/main/**/labels/*.labels-meta.xml')
      .flatMap((path) => labelParser.parse(readFileSync(path)).CustomLabels.labels)
      .map(({ fullName, value }: { fullName: string; value: string }) => [
        `@salesforce/label/c.${fullName}`,
        `data:text/javascript,${encodeURIComponent(constant(value))}`,
      ]),
  );
