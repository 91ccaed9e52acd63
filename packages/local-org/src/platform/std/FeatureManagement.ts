/** System.FeatureManagement. */
import type { PlatformRuntime } from '../services.ts';
import type { StdFactory } from '../types.ts';
import { present } from './shared/arguments.ts';

const factory: StdFactory = ($) => ({
  name: 'FeatureManagement',
  s: { checkpermission: (name: string | null) => ($ as PlatformRuntime).services.may.custom(present(name)) },
});

export default factory;
