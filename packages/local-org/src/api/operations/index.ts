/** All operations of the REST API below `/services/data/vXX.0`. */
import type { Operation } from '../call.ts';
import { abortQueryJob } from './abort-query-job.ts';
import { compositeBatch } from './composite-batch.ts';
import { composite } from './composite.ts';
import { createQueryJob } from './create-query-job.ts';
import { createRecord } from './create-record.ts';
import { createRecords } from './create-records.ts';
import { createTree } from './create-tree.ts';
import { deleteByExternalId } from './delete-by-external-id.ts';
import { deleteQueryJob } from './delete-query-job.ts';
import { deleteRecord } from './delete-record.ts';
import { deleteRecords } from './delete-records.ts';
import { deploy } from './deploy.ts';
import { describeGlobal } from './describe-global.ts';
import { describeObject } from './describe-object.ts';
import { getByExternalId } from './get-by-external-id.ts';
import { getDeploy } from './get-deploy.ts';
import { getQueryJobResults } from './get-query-job-results.ts';
import { getQueryJob } from './get-query-job.ts';
import { getRecord } from './get-record.ts';
import { getRecordsByBody } from './get-records-by-body.ts';
import { getRecords } from './get-records.ts';
import { limits } from './limits.ts';
import { listQueryJobs } from './list-query-jobs.ts';
import { objectInfo } from './object-info.ts';
import { queryAllMore } from './query-all-more.ts';
import { queryAll } from './query-all.ts';
import { queryMore } from './query-more.ts';
import { query } from './query.ts';
import { resources } from './resources.ts';
import { runTestsSynchronous } from './run-tests-synchronous.ts';
import { toolingExecuteAnonymous } from './tooling-execute-anonymous.ts';
import { toolingQueryMore } from './tooling-query-more.ts';
import { toolingQuery } from './tooling-query.ts';
import { toolingResources } from './tooling-resources.ts';
import { unsupportedOperations } from './unsupported.ts';
import { updateRecord } from './update-record.ts';
import { updateRecords } from './update-records.ts';
import { upsertByExternalId } from './upsert-by-external-id.ts';
import { upsertRecords } from './upsert-records.ts';

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
  toolingResources,
  toolingQuery,
  toolingQueryMore,
  toolingExecuteAnonymous,
  runTestsSynchronous,
  ...unsupportedOperations,
];
