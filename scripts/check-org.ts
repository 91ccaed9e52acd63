/** Lists what in an org can refuse or change what Concord saves: `--help` tells of it. */
import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { readArgs, runCommand, unusable } from 'kernel/command-line.ts';
import { flows } from '../src/flows/index.ts';
import { API_VERSION } from '../src/shared/salesforce/version.ts';
import { connectTo, type OrgConnection } from '../src/story/org/connect.ts';
import { findOrg, reachOrg } from '../src/story/org/find-org.ts';
import { packageDirectories } from './metadata/package-directories.ts';
import { type OwnParts, readRules } from './org-rules/read-rules.ts';
import type { Rule, RulesReader } from './org-rules/types.ts';

const USAGE = `npm run check:org -- --target-org USER
npm run check:org -- --instance-url URL

  Lists the active validation rules, flows, workflow rules, triggers, approval processes, duplicate rules and required
  fields on each synced object, and says which of them can refuse what Concord saves, and what to do (docs/host-automation.md).
  --target-org     an org this machine is logged in to, as somebody who may view setup
  --instance-url   any org, a local one too; the session id is read from SF_ACCESS_TOKEN

exit 0: nothing can refuse · 1: something can · 2: unusable arguments, or an org that cannot be read`;

const connect = async (): Promise<OrgConnection | 'help'> => {
  const { values } = readArgs(
    {
      options: { 'target-org': { type: 'string' }, 'instance-url': { type: 'string' }, help: { type: 'boolean' } },
    },
    USAGE,
  );
  const { 'target-org': username, 'instance-url': instanceUrl } = values;
  if (values.help) return 'help';
  if (username !== undefined) {
    const org = await findOrg(username);
    await reachOrg(org);
    return org.getConnection(API_VERSION);
  }
  const accessToken = process.env.SF_ACCESS_TOKEN;
  if (instanceUrl === undefined || !accessToken)
    throw unusable('name an org: --target-org, or --instance-url with SF_ACCESS_TOKEN', USAGE);
  return connectTo({ instanceUrl, accessToken });
};

const readerOf = (connection: OrgConnection): RulesReader => ({
  query: async (soql) => (await connection.query(soql, { autoFetch: true })).records,
  tooling: async (soql) => (await connection.tooling.query(soql, { autoFetch: true })).records,
  describe: async (object) => connection.describe(object),
});

/** Concord itself; package directories of an admin may hold rules and fields that refuse. */
const PRODUCT = 'force-app/';

/** The names of the product's files that match, without what follows the name. */
const namesOf = (pattern: string, ending: string): Set<string> =>
  new Set(
    packageDirectories('.')
      .filter((directory) => directory.startsWith(PRODUCT))
      .flatMap((directory) => globSync(`${directory}/**/${pattern}${ending}`).map((path) => basename(path, ending))),
  );

const ownPartsOf = (object: string): OwnParts => ({
  triggers: namesOf('*', '.trigger'),
  validationRules: namesOf(`objects/${object}/validationRules/*`, '.validationRule-meta.xml'),
  fields: new Set([...namesOf(`objects/${object}/fields/*`, '.field-meta.xml')].map((name) => name.toLowerCase())),
});

const syncedFields = async ({ query }: RulesReader, flow: string): Promise<Set<string>> =>
  new Set(
    (await query('SELECT Field__c, Flow__c FROM Synced_Field__mdt WHERE Active__c = TRUE'))
      .filter(({ Flow__c }) => Flow__c === flow)
      .map(({ Field__c }) => String(Field__c).toLowerCase()),
  );

const render = (object: string, { kind, name, effect, text }: Rule): string =>
  `${object}: ${kind} ${name} ${effect}: ${text}\n`;

const main = async (): Promise<number> => {
  const connection = await connect();
  if (connection === 'help') {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const org = readerOf(connection);
  let all: Rule[] = [];
  for (const { compared: load } of flows) {
    const compared = await load?.();
    if (!compared) continue;
    const { object, flow } = compared;
    const rules = await readRules(org, {
      object,
      synced: await syncedFields(org, flow),
      own: ownPartsOf(object),
    });
    if (!rules) {
      process.stdout.write(`${object} is not in this org: nothing of the flow ${flow} is saved there\n`);
      continue;
    }
    for (const rule of rules) process.stdout.write(render(object, rule));
    all = [...all, ...rules];
  }
  const refusing = all.filter(({ effect }) => effect === 'can refuse').length;
  process.stdout.write(`${all.length} rules listed: ${refusing || 'none'} can refuse what Concord saves\n`);
  return refusing === 0 ? 0 : 1;
};

await runCommand(main);
