/** Lists, shows and retries the dead letters of a running middle layer. */
import { parseArgs } from 'node:util';
import { runCommand, UnusableInput } from 'kernel/command-line.ts';
import pc from 'picocolors';
import { findRunningMiddleLayer } from '../src/story/running.ts';

const USAGE = `npm run dead-letters -- list
npm run dead-letters -- show ID
npm run dead-letters -- retry ID
npm run dead-letters -- retry --all [--flow F] [--target T] [--kind K] [--code C] [--dry-run]

  list   the messages that were refused as often as allowed, oldest first
  show   one of them: the message, its history and the cause
  retry  sends it again with the current state; --all: all that are open, or those of a flow, a target, a kind, a code
  --dry-run      says how many would be sent again, and sends none

  --url URL      of the middle layer (or MIDDLE_LAYER_URL); default: the one that npm start keeps running
  --token TOKEN  of an operator (or MIDDLE_LAYER_OPERATOR_TOKEN)

exit 0: done · 1: the middle layer said no, or did not answer · 2: unusable arguments`;

interface Letter {
  id: number;
  flow: string;
  target: string;
  kind: string;
  key: string;
  version: number | null;
  revision: number | null;
  code: string;
  cause: string;
  diedAt: string;
}

const unusable = (problem: string): UnusableInput => new UnusableInput(`${problem}\n\n${USAGE}`);

const readArguments = () => {
  try {
    return parseArgs({
      args: process.argv.slice(2),
      allowPositionals: true,
      options: {
        url: { type: 'string' },
        token: { type: 'string' },
        all: { type: 'boolean' },
        flow: { type: 'string' },
        target: { type: 'string' },
        kind: { type: 'string' },
        code: { type: 'string' },
        'dry-run': { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    return runCommand(() => Promise.reject(unusable((error as Error).message)));
  }
};

const { values, positionals } = await readArguments();

/** The middle layer that was named, or else the one that `npm start` keeps running. */
const target = async (): Promise<{ url: string; token: string }> => {
  const url = values.url ?? process.env.MIDDLE_LAYER_URL;
  const token = values.token ?? process.env.MIDDLE_LAYER_OPERATOR_TOKEN;
  if (url && token) return { url, token };
  const running = url || token ? null : await findRunningMiddleLayer().catch(() => null);
  if (!running)
    throw unusable('say where the middle layer is and who asks, by --url and --token, or start one with `npm start`');
  return { url: running.middleLayerUrl, token: running.operatorToken };
};

const call = async (method: string, path: string, body?: object): Promise<unknown> => {
  const { url, token } = await target();
  const response = await fetch(new URL(path, url), {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  }).catch((error: Error) => {
    throw new Error(
      `the middle layer at ${url} does not answer (${error.cause instanceof Error ? error.cause.message : error.message}): start it, or correct --url`,
    );
  });
  const answer = (await response.json().catch(() => ({}))) as { message?: string };
  if (!response.ok) throw new Error(answer.message ?? `the middle layer answered ${response.status}`);
  return answer;
};

const letters = async function* (): AsyncGenerator<Letter> {
  for (let after: number | null = 0; after !== null;) {
    const page = (await call('GET', `/v1/dead-letters?after=${after}`)) as {
      deadLetters: Letter[];
      next: number | null;
    };
    yield* page.deadLetters;
    after = page.next;
  }
};

const list = async (): Promise<void> => {
  let count = 0;
  for await (const { id, flow, target, kind, key, version, revision, code, cause, diedAt } of letters()) {
    count += 1;
    const which = version === null ? (revision === null ? '' : `revision ${revision}`) : `version ${version}`;
    console.log(
      `${pc.bold(String(id))}  ${diedAt}  ${flow}: ${kind} to ${target}  ${key} ${which}\n    ${pc.red(code)}: ${cause}`,
    );
  }
  if (count === 0) console.log('no dead letters');
};

const retry = async (id: number | string): Promise<void> => {
  const { messageId } = (await call('POST', `/v1/dead-letters/${id}/retry`)) as { messageId: string };
  console.log(`${id}: queued again as ${messageId}`);
};

interface RetriedPage {
  retried: number;
  closed: number;
  refused: { id: number; key: string; message: string }[];
  next: number | null;
}

/** Goes on after a letter that cannot be retried, and reports it at the end. */
const retryAll = async (): Promise<void> => {
  const { flow, target: to, kind, code } = values;
  const filter = {
    ...(flow ? { flow } : {}),
    ...(to ? { target: to } : {}),
    ...(kind ? { kind } : {}),
    ...(code ? { code } : {}),
  };
  const { matched } = (await call('POST', '/v1/dead-letters/retry', { ...filter, dryRun: true })) as {
    matched: number;
  };
  if (values['dry-run']) {
    console.log(`${matched} would be sent again`);
    return;
  }
  const refused: RetriedPage['refused'] = [];
  let [retried, closed] = [0, 0];
  for (let after: number | null = 0; after !== null;) {
    const page = (await call('POST', '/v1/dead-letters/retry', { ...filter, after })) as RetriedPage;
    retried += page.retried;
    closed += page.closed;
    refused.push(...page.refused);
    after = page.next;
    if (after !== null) process.stderr.write(`${retried} of ${matched} queued again\n`);
  }
  console.log(`${retried} queued again, ${closed} closed meanwhile, ${refused.length} not retried`);
  if (refused.length) throw new Error(refused.map(({ id, key, message }) => `${id} (${key}): ${message}`).join('\n'));
};

const idOf = (text: string | undefined): string => {
  if (!text || !/^\d+$/.test(text)) throw unusable('name a dead letter by its number: see list');
  return text;
};

const FILTERS = ['flow', 'target', 'kind', 'code'] as const;

/** What would be passed over without a word: an empty filter would choose all of them. */
const checkTogether = ([command, ...named]: readonly string[]): void => {
  const isAll = command === 'retry' && values.all;
  const empty = FILTERS.find((name) => values[name] === '');
  if (empty !== undefined) throw unusable(`--${empty} is empty; say which, or leave it out to choose all`);
  const filter = FILTERS.find((name) => values[name] !== undefined);
  if (filter !== undefined && !isAll) throw unusable(`--${filter} goes with retry --all`);
  if (values['dry-run'] && !isAll) throw unusable('--dry-run goes with retry --all');
  if (named.length > (isAll || command === 'list' ? 0 : 1))
    throw unusable(
      `${command} does not take ${named.join(' ')}: ${isAll ? '--all names all' : 'one number at a time'}`,
    );
};

await runCommand(async () => {
  const [command, id] = positionals;
  checkTogether(positionals);
  if (values.help || command === undefined || command === 'help') console.log(USAGE);
  else if (command === 'list') await list();
  else if (command === 'show') console.log(JSON.stringify(await call('GET', `/v1/dead-letters/${idOf(id)}`), null, 2));
  else if (command === 'retry' && values.all) await retryAll();
  else if (command === 'retry') await retry(idOf(id));
  else throw unusable(`unknown command ${command}`);
  return 0;
});
