/** What constants of every enum can do, the project's own included. */
import type { StdFactory } from '../types.ts';
import { ENUM_METHODS } from './shared/enum.ts';

const factory: StdFactory = () => ({ name: 'Enum', m: ENUM_METHODS });

export default factory;
