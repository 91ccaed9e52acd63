/** AggregateResult: a row of an aggregate query. */
import type { StdFactory } from '../types.ts';
import { recordMethods } from './SObject.ts';

const factory: StdFactory = ($) => ({ name: 'AggregateResult', m: recordMethods($) });

export default factory;
