/** npm run bench [-- --quick] [--cases=N] [NAME…]: one file per question; --cases is for `outage`. Figures are ratios of one run: machines are noisy. */
import { inspect } from 'node:util';
import { exitUnusable, readArgsOrExit } from 'kernel/command-line.ts';
import { benchApiCalls } from './api-calls.ts';
import { benchBacklog } from './backlog.ts';
import { benchDigest } from './digest.ts';
import { benchDigestCost } from './digest-cost.ts';
import { benchDigestScale } from './digest-scale.ts';
import { benchDigestTime } from './digest-time.ts';
import { benchEvents } from './events.ts';
import { benchFeeds } from './feeds.ts';
import { benchFootprint } from './footprint.ts';
import { benchLatency } from './latency.ts';
import { benchOutage } from './outage.ts';
import { benchQueue } from './queue.ts';
import { benchScale } from './scale.ts';
import { benchTriggerCost } from './trigger-cost.ts';
import { benchUsage } from './usage.ts';
import { benchUsageDigest } from './usage-digest.ts';
import { closeParts, openParts, type Parts } from './support/parts.ts';
import { startBenchSystem, type BenchSystem } from './support/system.ts';

type Benches<T> = Record<string, (quick: boolean, over: T) => Promise<void>>;

const ALONE: Benches<null> = {
  digest: benchDigest,
  queue: benchQueue,
  backlog: benchBacklog,
  events: benchEvents,
  outage: benchOutage,
  scale: benchScale,
  'trigger-cost': benchTriggerCost,
  usage: benchUsage,
  'usage-digest': benchUsageDigest,
  feeds: benchFeeds,
};
/** Over one org and one registry, in this order: the first leaves the org empty, the last empties the registry. */
const OVER_PARTS: Benches<Parts> = {
  'digest-cost': benchDigestCost,
  'digest-time': benchDigestTime,
  'digest-scale': benchDigestScale,
};
/** Over the whole system, which is started once. */
const OVER_SYSTEM: Benches<BenchSystem> = {
  footprint: benchFootprint,
  latency: benchLatency,
  'api-calls': benchApiCalls,
};

const known = [ALONE, OVER_PARTS, OVER_SYSTEM].flatMap((benches) => Object.keys(benches));
const USAGE = `npm run bench -- [--quick] [NAME…]

  Answers a question of performance each, in ratios of one run: machines are noisy. Without names, all of them.
  --quick  fewer and smaller
  names:   ${known.join(', ')}

exit 0: all ran · 1: one failed · 2: unusable arguments`;
const { values, positionals: names } = readArgsOrExit(
  { options: { quick: { type: 'boolean', default: false } }, allowPositionals: true },
  USAGE,
);
const { quick } = values;
const unknown = names.filter((name) => !known.includes(name));
if (unknown.length > 0) exitUnusable(`no bench is named ${unknown.join(', ')}\n\n${USAGE}`);

let failed = 0;
const attempt = async (name: string, work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    failed++;
    process.stderr.write(`bench ${name} failed: ${inspect(error)}\n`);
  }
};

/** Runs those that were asked for over what `open` gives them; nothing is opened for none. */
const runOver = async <T>(
  benches: Benches<T>,
  open: () => Promise<T>,
  close: (over: T) => Promise<void>,
): Promise<void> => {
  const asked = Object.entries(benches).filter(([name]) => names.length === 0 || names.includes(name));
  if (asked.length === 0) return;
  await attempt('set-up', async () => {
    const over = await open();
    try {
      for (const [name, bench] of asked) await attempt(name, () => bench(quick, over));
    } finally {
      await close(over);
    }
  });
};

// first: what the others leave behind in this process is not the system's memory
await runOver(OVER_SYSTEM, startBenchSystem, (system) => system.stop());
await runOver(
  ALONE,
  async () => null,
  async () => {},
);
await runOver(OVER_PARTS, openParts, closeParts);
process.exit(failed > 0 ? 1 : 0);
