import type { Scene } from '../scene.ts';

/** One thing that somebody does. `serial` makes what is written a new one. */
export type Action = (scene: Scene, serial: number) => Promise<void>;
