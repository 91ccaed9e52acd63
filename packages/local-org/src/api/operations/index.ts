/** All operations of the REST API below `/services/data/vXX.0`. */
import type { Operation } from '../call.ts';
import {
  abortQueryJob,
  createQueryJob,
  deleteQueryJob,
  getQueryJobResults,
  getQueryJob,
  listQueryJobs,
} from './query-jobs.ts';
import { processApprovals } from './approvals.ts';
import { compositeBatch } from './batch.ts';
import { composite } from './composite.ts';
import { createRecord, deleteRecord, getRecord, updateRecord } from './record.ts';
import {
  createRecords,
  deleteRecords,
  getRecordsByBody,
  getRecords,
  updateRecords,
  upsertRecords,
} from './collections.ts';
import { createTree } from './tree.ts';
import { deleteByExternalId, getByExternalId, upsertByExternalId } from './by-external-id.ts';
import { deploy, getDeploy } from './deploy.ts';
import { describeGlobal, describeObject, objectInfo } from './describe.ts';
import {
  changeIngestJob,
  createIngestJob,
  deleteIngestJob,
  getFailedResults,
  getIngestJob,
  getSuccessfulResults,
  getUnprocessedRecords,
  listIngestJobs,
  uploadIngestData,
} from './ingest-jobs.ts';
import { getDeleted, getUpdated } from './replication.ts';
import { limits, resources } from './resources.ts';
import { queryAllMore, queryAll, queryMore, query, toolingQueryMore, toolingQuery } from './query.ts';
import { runTestsSynchronous, toolingExecuteAnonymous, toolingResources } from './tooling.ts';
import { unsupportedOperations } from './unsupported.ts';

export const operations: Operation[] = [
  resources,
  limits,
  describeGlobal,
  objectInfo,
  describeObject,
  createRecord,
  getRecord,
  updateRecord,
  deleteRecord,
  getByExternalId,
  upsertByExternalId,
  deleteByExternalId,
  query,
  queryMore,
  queryAll,
  queryAllMore,
  composite,
  compositeBatch,
  createTree,
  processApprovals,
  createRecords,
  updateRecords,
  deleteRecords,
  upsertRecords,
  getRecords,
  getRecordsByBody,
  deploy,
  getDeploy,
  createQueryJob,
  listQueryJobs,
  getQueryJob,
  getQueryJobResults,
  abortQueryJob,
  deleteQueryJob,
  createIngestJob,
  listIngestJobs,
  getIngestJob,
  uploadIngestData,
  changeIngestJob,
  deleteIngestJob,
  getSuccessfulResults,
  getFailedResults,
  ...getUnprocessedRecords,
  getUpdated,
  getDeleted,
  toolingResources,
  toolingQuery,
  toolingQueryMore,
  toolingExecuteAnonymous,
  runTestsSynchronous,
  ...unsupportedOperations,
];
