/**
 * What production asks of the tests of a deployment (Metadata API Developer Guide, "Running Tests in a Deployment" and
 * "Running a Subset of Tests in a Deployment"): 75 % of all Apex lines and something of each trigger, or, when the
 * tests were named, 75 % of each class and trigger that is deployed.
 */
import type { ClassCoverage } from '../types.ts';
import type { Component, CoverageWarning, TestLevel } from './types.ts';

const REQUIRED_PERCENT = 75;
const PERCENT = 100;

export const missingCoverage = (
  coverage: readonly ClassCoverage[],
  level: TestLevel,
  deployed: readonly Component[],
): CoverageWarning[] =>
  level === 'RunSpecifiedTests' ? ofEach(coverage, deployed) : [...ofTriggers(coverage), ...ofAll(coverage)];

const ofEach = (coverage: readonly ClassCoverage[], deployed: readonly Component[]): CoverageWarning[] => {
  const names = new Set(deployed.map(({ type, fullName }) => `${type} ${fullName}`.toLowerCase()));
  return coverage
    .filter(({ kind, name }) => names.has(`${TYPES[kind]} ${name}`.toLowerCase()))
    .filter((each) => isBelow([each]))
    .map((each) => selected(each, REQUIRED_PERCENT));
};

const ofTriggers = (coverage: readonly ClassCoverage[]): CoverageWarning[] =>
  coverage.filter(({ kind, covered }) => kind === 'trigger' && covered.length === 0).map((each) => selected(each, 1));

const ofAll = (coverage: readonly ClassCoverage[]): CoverageWarning[] =>
  isBelow(coverage)
    ? [
        {
          name: null,
          message: `Average test coverage across all Apex Classes and Triggers is ${percentOf(coverage)}%, at least ${REQUIRED_PERCENT}% test coverage is required.`,
        },
      ]
    : [];

const TYPES = { class: 'ApexClass', trigger: 'ApexTrigger' } as const;
const LABELS = { class: 'Class', trigger: 'Trigger' } as const;

const selected = (each: ClassCoverage, required: number): CoverageWarning => ({
  name: each.name,
  message: `Test coverage of selected Apex ${LABELS[each.kind]} is ${percentOf([each])}%, at least ${required}% test coverage is required.`,
});

const sizes = (coverage: readonly ClassCoverage[]): { covered: number; all: number } => {
  const covered = coverage.reduce((sum, each) => sum + each.covered.length, 0);
  return { covered, all: coverage.reduce((sum, each) => sum + each.uncovered.length, covered) };
};

/** Code without lines to run needs no test. */
const isBelow = (coverage: readonly ClassCoverage[]): boolean => {
  const { covered, all } = sizes(coverage);
  return covered * PERCENT < all * REQUIRED_PERCENT;
};

/** Whole percents, rounded down, so that none below the bound looks like it. */
const percentOf = (coverage: readonly ClassCoverage[]): number => {
  const { covered, all } = sizes(coverage);
  return all === 0 ? 0 : Math.floor((covered * PERCENT) / all);
};
