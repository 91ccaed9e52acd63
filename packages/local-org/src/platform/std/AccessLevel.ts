/** System.AccessLevel. */
import type { AccessMode } from '../services.ts';
import type { StdFactory } from '../types.ts';
import { NativeObject } from '../values/index.ts';

export class AccessLevelObject extends NativeObject {
  readonly mode: AccessMode;

  constructor(mode: AccessMode) {
    super('AccessLevel');
    this.mode = mode;
  }

  override identity(): string {
    return this.mode;
  }
}

const factory: StdFactory = () => ({
  name: 'AccessLevel',
  sp: {
    user_mode: { get: () => new AccessLevelObject('user') },
    system_mode: { get: () => new AccessLevelObject('system') },
  },
});

export default factory;
