import type { LocalSystem } from '../../../src/story/system.ts';

/** What `/ready` of the middle layer asks people to look at, a line each. */
export const attentionOf = async ({ middleLayer }: LocalSystem): Promise<string> => {
  const response = await fetch(`${middleLayer.url}/ready`);
  return ((await response.json()) as { attention: string[] }).attention.join('\n');
};
