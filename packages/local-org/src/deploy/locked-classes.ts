/** A class that a job waits for, or runs, cannot be replaced or deleted. */
import { failure } from './messages.ts';
import type { Component, ComponentMessage, SourceTree } from './types.ts';

const CLASS = 'ApexClass';

/** `locked`: lower-cased class names with the kind of job. Classes that stay as they are do no harm. */
export const lockedFailures = (
  components: readonly Component[],
  before: SourceTree,
  locked: ReadonlyMap<string, string>,
): ComponentMessage[] =>
  components.flatMap((component) => {
    const job = component.type === CLASS ? locked.get(component.fullName.toLowerCase()) : undefined;
    if (job === undefined || [...component.files].every(([path, content]) => equal(before.get(path), content)))
      return [];
    return [failure(component, lockedProblem(job))];
  });

export const lockedProblem = (jobType: string): string =>
  jobType === 'ScheduledApex'
    ? 'This schedulable class has jobs pending or in progress'
    : 'This Apex class has batch or future jobs pending or in progress';

export const equal = (a: Uint8Array | undefined, b: Uint8Array): boolean =>
  a !== undefined && Buffer.compare(a, b) === 0;
