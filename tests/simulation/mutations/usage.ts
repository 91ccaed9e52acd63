import { USAGE } from '../../../src/flows/usage/carried/name.ts';
import type { Mutation } from './types.ts';

const APEX = 'force-app/usage/main/default/classes/usage';
const OBJECTS = 'force-app/usage/main/default/objects';
const APP = 'src/service-app';
const CARRIED = 'src/flows/usage/carried';
const COMPARED = 'src/flows/usage/compared';

/**
 * Deliberate breakages of the usage flow, each noticed by seeds in which it plays alone. What is no mutation here: an id
 * that the middle layer claims before it queues the ad, and a version that supersedes none, for an outcome that does not
 * come is asked for again, and Salesforce keeps late versions out.
 */
const BROKEN: Omit<Mutation, 'flow'>[] = [
  {
    name: 'a report is claimed before it is handed over',
    breaks: 'only success is remembered',
    file: `${APP}/reporting.ts`,
    find: "  const receipts = await handOver(transport, receiver, '/v1/usage/ads', messages);",
    replace:
      "  await db.query('DELETE FROM report WHERE message_id = ANY($1::text[])', [sent.map(({ messageId }) => messageId)]);\n  const receipts = await handOver(transport, receiver, '/v1/usage/ads', messages);",
  },
  {
    name: 'a report that failed is tried again at the front of the queue',
    breaks: 'a bad ad delays no other',
    file: `${APP}/db/reports.ts`,
    find: "UPDATE report SET place = nextval('report_place'), attempts = attempts + 1, not_before = $3",
    replace: 'UPDATE report SET attempts = attempts + 1, not_before = $3',
  },
  {
    name: 'an outcome of any version ends the report',
    breaks: 'a change under way is reported, whatever comes of the version before',
    file: `${APP}/db/reports.ts`,
    find: "'DELETE FROM report WHERE ad_id = $1 AND version <= $2'",
    replace: "'DELETE FROM report WHERE ad_id = $1 AND $2::integer > 0'",
  },
  {
    name: 'contracts are cached',
    breaks: 'contracts are read live, and never kept',
    file: `${APP}/salesforce/queries.ts`,
    find: 'read: async (number) => {\n    const [found] = await query(',
    replace:
      'read: async (number) => {\n    const kept = ((query as { kept?: Record<string, Row[]> }).kept ??= {});\n    const [found] = kept[number] ??= await query(',
  },
  {
    name: 'an exception is not told',
    breaks: 'the application learns what became of each version',
    file: `${CARRIED}/settled.ts`,
    find: 'if (!verdict) return [];',
    replace: "if (!verdict || verdict.outcome === 'EXCEPTION') return [];",
  },
  {
    name: 'who asks again is told that all is well',
    breaks: 'an exception whose answer was lost is told once more',
    file: `${APEX}/UsageJudge.cls`,
    find: 'if (problem == null) {\n            line.conclude(UsageReportLine.IGNORED, null, null);',
    replace:
      'if (problem?.reason != null || line != null) {\n            line.conclude(UsageReportLine.IGNORED, null, null);',
  },
  {
    name: 'the lock of a fulfilled contract is in the trigger only',
    breaks: 'what comes late waits for a decision',
    file: `${APEX}/UsageJudge.cls`,
    find: 'if (locked != null) {',
    replace: 'if (locked != null && ad.version < 0) {',
  },
  {
    name: 'nothing holds where the trigger is switched off',
    breaks: 'a validation rule stands behind the trigger',
    file: `${OBJECTS}/Usage_Entry__c/validationRules/Contract_Not_Fulfilled.validationRule-meta.xml`,
    find: '<active>true</active>',
    replace: '<active>false</active>',
  },
  {
    name: 'entries of a fulfilled contract may be deleted',
    breaks: 'nothing changes after the lock',
    file: `${APEX}/UsageEntryGuard.cls`,
    find: '            return;\n        }\n        refuseFulfilled();',
    replace: '            return;\n        }',
  },
  {
    name: 'administrators may write usage entries',
    breaks: 'usage entries belong to the service application',
    file: `${APEX}/UsageEntryGuard.cls`,
    find: 'if (!FeatureManagement.checkPermission(PERMISSION)) {',
    replace: 'if (saved.isEmpty()) {',
  },
  {
    name: 'the price of a fulfilled line may change',
    breaks: 'a fulfilled contract keeps what it sold',
    file: `${APEX}/ContractLineGuard.cls`,
    find: '        Contract_Line__c.Units__c,\n        Contract_Line__c.Unit_Price__c\n',
    replace: '        Contract_Line__c.Units__c\n',
  },
  {
    name: 'a fulfilment may be taken back',
    breaks: 'a fulfilled contract stays fulfilled',
    file: `${APEX}/FulfilledContractGuard.cls`,
    find: 'if (was && (record.Fulfilled__c != true || record.Fulfilled_At__c != old.Fulfilled_At__c)) {',
    replace: 'if (was && record.Fulfilled_At__c != old.Fulfilled_At__c) {',
  },
  {
    name: 'late versions are applied',
    breaks: 'the versions of an ad only rise',
    file: `${APEX}/UsageState.cls`,
    find: 'if (entry.Version__c >= ad.version) {\n                return true;',
    replace: 'if (entry.Version__c == ad.version) {\n                return true;',
  },
  {
    name: 'a move leaves the entry where it was',
    breaks: 'a move to another line takes the entry along',
    file: `${APEX}/UsageChanges.cls`,
    find: 'Line__c = line.Id,\n            Ad_Id__c',
    replace: 'Line__c = before?.Line__c ?? line.Id,\n            Ad_Id__c',
  },
  {
    name: 'cancelled entries count',
    breaks: 'consumed units are those of entries that are not cancelled',
    file: `${OBJECTS}/Contract_Line__c/fields/Consumed_Units__c.field-meta.xml`,
    find: '<field>Usage_Entry__c.Cancelled__c</field>\n        <operation>equals</operation>\n        <value>False</value>',
    replace:
      '<field>Usage_Entry__c.Units__c</field>\n        <operation>greaterThan</operation>\n        <value>0</value>',
  },
  {
    name: 'a restored entry is not summed up',
    breaks: 'a roll-up follows a restored detail',
    file: 'packages/local-org/src/store/save/delete.ts',
    find: "'after', 'undelete', each));\n    sound(entries, (each) => lockMasters(services, object, each, () => null));\n    sound(entries, (each) => rollUp(services, touchedBy(services, object, each, moved), request.access, triggers));",
    replace: "'after', 'undelete', each));",
  },
  {
    name: 'a late booking goes away',
    breaks: 'what a contract cannot take waits for a decision',
    file: `${APEX}/UsageJudge.cls`,
    find: 'changes.raise(ad, problem, state.contractNumbered(ad.contractNumber));',
    replace: '',
  },
  {
    name: 'a newer version leaves the decision on an older one open',
    breaks: 'a later version leaves nothing to decide of an earlier one',
    file: `${APEX}/UsageJudge.cls`,
    find: 'changes.supersede(ad, state.openExceptionsOf(ad.adId));',
    replace: '',
  },
  {
    name: 'a bad ad takes the others of its call with it',
    breaks: 'an ad fails alone',
    file: `${APEX}/UsageReport.cls`,
    find: 'failed.addAll(failures.keySet());',
    replace: 'failed.addAll(order);',
  },
  {
    name: 'over-booking is judged without the other ads of the call',
    breaks: 'the last units go to one of two bookings, and the other waits for a decision',
    file: `${APEX}/UsageSums.cls`,
    find: 'return line.Units__c - (line.Consumed_Units__c ?? 0) - (taken.get(line.Id) ?? 0);',
    replace: 'return line.Units__c - (line.Consumed_Units__c ?? 0);',
  },
  {
    name: 'a decision of Salesforce is claimed before it is kept',
    breaks: 'only success is remembered',
    file: `${CARRIED}/pending-source.ts`,
    find: 'if ((await pending.keep(found)) > 0) onQueued();\n    await pending.taken(found);',
    replace: 'await pending.taken(found);\n    if ((await pending.keep(found)) > 0) onQueued();',
  },
  {
    name: 'a digest does not follow the units',
    breaks: 'the digest of an entry is of what it says now',
    file: `${APEX}/UsageDigest.cls`,
    find: '        Usage_Entry__c.Units__c,\n        Usage_Entry__c.Version__c,',
    replace: '        Usage_Entry__c.Version__c,',
  },
  {
    name: 'a repair goes on from the version of the application',
    breaks: 'a repaired ad is above every version that Salesforce has seen',
    file: `${APP}/repairing.ts`,
    find: 'version: Math.max(ad.version, seenVersion)',
    replace: 'version: ad.version + 0 * seenVersion',
  },
  {
    name: 'a step of a seal begins with the entry that the one before ended with',
    breaks: 'a seal that takes steps counts each entry once',
    file: `${APEX}/SealStep.cls`,
    find: 'Booking_Key__c > :lastKey',
    replace: 'Booking_Key__c >= :lastKey',
  },
  {
    name: 'what changed while it was sealed is sealed as it was read',
    breaks: 'nothing is sealed that changed since the contract was locked',
    file: `${APEX}/SealStep.cls`,
    find: 'if (!changed.isEmpty()) {',
    replace: 'if (changed.size() > 1) {',
  },
  {
    name: 'a step that died is not taken up',
    breaks: 'every fulfilled contract is sealed in the end',
    file: `${APEX}/SealTakeUp.cls`,
    find: 'FROM Contract_Sealing__c\n',
    replace: 'FROM Contract_Sealing__c\n                WHERE Step__c < 0\n',
  },
  {
    name: 'a seal in progress stays when the seal is there',
    breaks: 'a contract is sealed, or being sealed',
    file: `${APEX}/SealStep.cls`,
    find: 'ContractSealingGuard.finish(sealing);',
    replace: '',
  },
  {
    name: 'anybody may write a seal in progress',
    breaks: 'a seal in progress is written by its own steps alone',
    file: `${APEX}/ContractSealingGuard.cls`,
    find: 'if (!isStep) {',
    replace: 'if (written.isEmpty()) {',
  },
  {
    name: 'a seal that does not go on is under way for ever',
    breaks: 'reconciliation tells a seal that does not move',
    file: 'src/shared/seal-progress.ts',
    find: 'notice !== null || now - movedAt > OVERDUE_MS',
    replace: 'notice !== null || now < movedAt',
  },
  {
    name: 'a seal that was asked for once more is not compared with the bookings again',
    breaks: 'a seal that a restored side lost is asked for again',
    file: `${APP}/seals.ts`,
    find: 'if (seal.again) await',
    replace: 'if (seal.again && seal.entries < 0) await',
  },
  {
    name: 'the sums of lines are not compared',
    breaks: 'reconciliation tells a line that is not the sum of its entries',
    file: `${COMPARED}/sums.ts`,
    find: 'if (!isSame(line.told, line.found)) found.push(wrongSum(line));',
    replace: 'if (line.told.entries < 0) found.push(wrongSum(line));',
  },
  {
    name: 'a report whose outcome never comes is in flight for ever',
    breaks: 'reconciliation tells and repairs an ad that is stuck',
    file: `${COMPARED}/classify.ts`,
    find: 'return isAtRest(report.queuedAt, rules)',
    replace: 'return isAtRest(report.queuedAt, { ...rules, graceMs: Infinity, latest: Infinity })',
  },
];

export const USAGE_MUTATIONS: Mutation[] = BROKEN.map((mutation) => ({ ...mutation, flow: USAGE }));
