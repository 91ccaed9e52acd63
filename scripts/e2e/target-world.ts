import type { Connection } from '@salesforce/core';
import { findOrg, reachOrg } from '../../src/story/org/find-org.ts';
import { API_VERSION, type OrgConnection } from '../../src/story/org/connect.ts';
import { UnusableInput } from 'kernel/command-line.ts';
import { startPart, type Part } from '../../src/story/part.ts';
import { REGISTRY_ENTRY } from '../../src/flows/cases/told/system.ts';
import { freePort, secret, urlAt } from '../../src/story/ports.ts';
import { MIDDLE_LAYER } from '../../src/story/system.ts';
import type { E2eArguments } from './arguments.ts';
import type { World } from './world.ts';
import { SAMPLE } from '../../src/shared/sample.ts';

/** What the checks read and the middle layer works with. */
const NEEDED_FIELDS = ['Sync_Key__c', 'Sync_Status__c', 'Sync_Pending__c', 'External_Id__c'];
/** A person waits for the run: look often, but leave an org its API calls. */
const SETTINGS = { pollIntervalMs: 2_000, queuePollMs: 200, salesforceLingerMs: 0 };
const EXTERNAL_SETTINGS = { outboxIntervalMs: 200 };

interface OrganizationRow {
  IsSandbox: boolean;
  OrganizationType: string;
}

/** Throws UnusableInput that names what is missing and how to mend it. */
const checkOrg = async (connection: Connection, { targetOrg, allowProduction }: E2eArguments): Promise<void> => {
  const { records } = await connection.query<OrganizationRow>('SELECT IsSandbox, OrganizationType FROM Organization');
  const [organization] = records;
  const isTrial = organization?.IsSandbox === true || organization?.OrganizationType === 'Developer Edition';
  if (!isTrial && !allowProduction) {
    throw new UnusableInput(
      `${targetOrg} is a production org: its pending Cases would go to an external system that is thrown away. Name a sandbox or scratch org, or add --allow-production`,
    );
  }
  const { fields } = await connection.describe('Case');
  const seen = new Set(fields.map(({ name }) => name));
  const missing = NEEDED_FIELDS.filter((name) => !seen.has(name));
  if (missing.length > 0) {
    throw new UnusableInput(
      `the user of ${targetOrg} does not see ${missing.map((name) => `Case.${name}`).join(', ')}; deploy force-app and assign the permission sets Concord_Admin, Concord_Cases_Admin, Concord_Integration and Concord_Cases_Integration`,
    );
  }
  const active = await connection.query('SELECT Id FROM Sync_Control__c WHERE Active__c = TRUE');
  if (active.totalSize === 0) {
    throw new UnusableInput(
      `the sync is not active in ${targetOrg}; run \`ConcordSetup.activateSync(); ConcordSchedule.install();\` as anonymous Apex`,
    );
  }
};

type Served = Part<{ url: string }>;

interface Parts {
  external: Served;
  middleLayer: Served;
  token: string;
}

/** Starts a middle layer and an external system on this machine against the org; both are empty and end with the run. */
const startParts = async (connection: OrgConnection): Promise<Parts> => {
  const [middlePort, externalPort] = [await freePort(), await freePort()];
  const tokens = { external: secret(), middleLayer: secret(), operator: secret() };
  const started = await Promise.allSettled([
    startPart<{ url: string }>('external system', [REGISTRY_ENTRY], {
      EXTERNAL_PORT: String(externalPort),
      EXTERNAL_TOKEN: tokens.external,
      MIDDLE_LAYER_URL: urlAt(middlePort),
      MIDDLE_LAYER_TOKEN: tokens.middleLayer,
      EXTERNAL_RULES: SAMPLE.registryRules,
      EXTERNAL_SETTINGS: JSON.stringify(EXTERNAL_SETTINGS),
    }),
    startPart<{ url: string }>('middle layer', [MIDDLE_LAYER], {
      MIDDLE_LAYER_PORT: String(middlePort),
      MIDDLE_LAYER_SETTINGS: JSON.stringify(SETTINGS),
      SALESFORCE_URL: connection.instanceUrl,
      SALESFORCE_ACCESS_TOKEN: connection.accessToken!,
      EXTERNAL_URL: urlAt(externalPort),
      EXTERNAL_TOKEN: tokens.external,
      MIDDLE_LAYER_EXTERNAL_TOKEN: tokens.middleLayer,
      MIDDLE_LAYER_OPERATOR_TOKEN: tokens.operator,
    }),
  ]);
  const [external, middleLayer] = started;
  if (external.status === 'fulfilled' && middleLayer.status === 'fulfilled') {
    return { external: external.value, middleLayer: middleLayer.value, token: tokens.external };
  }
  const failed: unknown[] = [];
  for (const part of started) {
    if (part.status === 'fulfilled') await part.value.stop();
    else failed.push(part.reason);
  }
  throw failed[0];
};

/** An org that this machine is logged in to, as it is. */
export const targetWorld = async (args: E2eArguments): Promise<World> => {
  const org = await findOrg(args.targetOrg!);
  await reachOrg(org);
  const admin = org.getConnection(API_VERSION);
  await checkOrg(admin, args);
  const { external, middleLayer, token } = await startParts(admin);
  const caseIds = new Set<string>();
  return {
    admin,
    external: { url: external.url, token },
    local: null,
    timeoutMs: args.timeoutMs,
    caseIds,
    async stop() {
      await Promise.all([middleLayer.stop(), external.stop()]);
      if (!args.keep) await removeCases(admin, [...caseIds]);
    },
  };
};

/** Records in one collection request (REST API Developer Guide, sObject Collections). */
const COLLECTION_LIMIT = 200;

const removeCases = async (connection: Connection, ids: string[]): Promise<void> => {
  for (let start = 0; start < ids.length; start += COLLECTION_LIMIT) {
    await connection.sobject('Case').destroy(ids.slice(start, start + COLLECTION_LIMIT));
  }
};
