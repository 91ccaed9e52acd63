import type { Flow } from '../types.ts';
import { FEEDS } from './name.ts';

/** Views of other databases, and the records of them in Salesforce: docs/feeds.md. The middle layer has no part in it. */
export const feedsFlow: Flow = {
  name: FEEDS,
  told: async () => (await import('./told/chapter.ts')).toldFeeds,
  simulated: async () => (await import('./simulated/index.ts')).simulatedFeeds,
};
