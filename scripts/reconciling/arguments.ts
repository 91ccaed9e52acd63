import { readArgs, unusable, UnusableInput, wholeNumber } from 'kernel/command-line.ts';
import { placeProblem } from '../../src/shared/write-report.ts';

/** Every flow that is compared. */
export const ALL_FLOWS = 'all';

export interface ReconcileArguments {
  /** The flows to compare, or of an undo which may be meant. */
  flows: string[];
  dryRun: boolean;
  /** Store the run in the org. */
  record: boolean;
  /** A person has looked: close the circuit breakers of these flows and repair, this once however much differs. */
  closeBreaker: boolean;
  /** A person says that Salesforce lost records for good: they are made again. */
  makeAgain: boolean;
  /** Epoch milliseconds. */
  since: number | null;
  json: string | null;
  html: string | null;
  maxApiCalls: number | null;
  /** How long repairs may take to arrive. */
  confirmSeconds: number;
  contentCheck: 'today' | 'all' | null;
  targetOrg: string | null;
  /** Where the external systems of flows are. */
  externalUrls: ReadonlyMap<string, string>;
  /** Where causes are read. */
  middleLayerUrl: string | null;
  /** The run whose repairs are taken back, by name, id or key. */
  undo: string | null;
  /** Of this record alone. */
  key: string | null;
}

export const RECONCILE_USAGE = `npm run reconcile -- [--dry-run] [--flow NAME|all] [--since TIME] [--json FILE|-] [--html FILE] [--max-api-calls N] [--content-check today|all]
                     [--confirm-seconds N] [--no-record] [--close-breaker] [--make-again] [--target-org USER --external-url NAME=URL… [--middle-layer-url URL]]
npm run reconcile -- --undo RUN [--flow NAME] [--key KEY] [--dry-run] [--json FILE|-] [--no-record] [--target-org USER --external-url NAME=URL]

  --flow           what is compared (default: all): one run a flow, which go on when one fails; the exit code is the worst of theirs
  --dry-run        compare and explain, change nothing
  --json           a list of reports, one a flow; of an undo its report alone. --html: one page
  --since          only records that moved at or after this time (ISO 8601)
  --max-api-calls  Salesforce API calls of the comparison at most; reading the settings and storing the run cost a few more
  --confirm-seconds  how long to wait until both sides agree on what was repaired (default 60); what is not confirmed by
                   then is told, and the next run looks at it
  --no-record      do not store the run and its discrepancies in the org (a dry run never does)
  --close-breaker  close the circuit breaker of each flow that is compared, and repair, this once however much differs;
                   needs the permission Close Concord Breaker
  --make-again     after Salesforce was restored to an earlier state, or for a new org: records of which only the external
                   system is left, and that nobody deleted, get a new Case, and deleted Cases that are there again stay;
                   without it both are told and left to a person
  --undo           give the fields that a run's repairs replaced their earlier values again, as a new version; a record that
                   has moved on since is left. RUN: its name, id or key, also of an undo; --key: of this record alone
  --content-check  also read records in full and recompute their digests: 'today' a thirtieth, another one each day; 'all'
                   everything
  --target-org     an org this machine is logged in to (default: the local org that npm start keeps running);
                   it needs the permission sets Concord_Operator and, of each flow, Concord_Cases_Operator, Concord_Usage_Operator
  --external-url   where the external system of a flow is, for example cases=https://registry.example; once for each flow
                   that is compared. Its secret is read from the variable that the middle layer reads too: CASES_EXTERNAL_TOKEN
  --middle-layer-url  where the audit trail tells the cause of each discrepancy; the operator's secret is read from
                   MIDDLE_LAYER_OPERATOR_TOKEN. Without it each has the usual cause of its kind

exit 0: equal, repaired and confirmed, or undone · 1: discrepancies left, repairs not confirmed, some not undone, or a content check broke off · 2: unusable arguments`;

/** Each as `NAME=URL`, of a flow that is compared, once. */
const readExternalUrls = (given: readonly string[], flows: readonly string[]): Map<string, string> => {
  const urls = new Map<string, string>();
  for (const text of given) {
    const [, name = '', url = ''] = /^([^=:/]*)=(.*)$/.exec(text) ?? [];
    if (!flows.includes(name) || !/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
      throw new UnusableInput(
        `--external-url ${text} must be NAME=URL: the flow (${flows.join(', ')}) and the http or https URL of its external system`,
      );
    if (urls.has(name)) throw new UnusableInput(`--external-url is given twice for the flow ${name}`);
    urls.set(name, url.replace(/\/+$/, ''));
  }
  return urls;
};

const parse = (args: string[]) => {
  return readArgs(
    {
      args,
      options: {
        'dry-run': { type: 'boolean', default: false },
        since: { type: 'string' },
        flow: { type: 'string', default: ALL_FLOWS },
        json: { type: 'string' },
        html: { type: 'string' },
        'max-api-calls': { type: 'string' },
        'confirm-seconds': { type: 'string', default: '60' },
        'content-check': { type: 'string' },
        'target-org': { type: 'string' },
        'external-url': { type: 'string', multiple: true },
        'middle-layer-url': { type: 'string' },
        undo: { type: 'string' },
        key: { type: 'string' },
        'no-record': { type: 'boolean', default: false },
        'close-breaker': { type: 'boolean', default: false },
        'make-again': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    },
    RECONCILE_USAGE,
  ).values;
};

type Given = ReturnType<typeof parse>;

/** A date, or a date and a time of day; Date.parse takes more, such as `5` for a day in 2001. */
const ISO_TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/;

const readSince = ({ since }: Given): number | null => {
  if (since === undefined) return null;
  const time = ISO_TIME.test(since) ? Date.parse(since) : NaN;
  if (Number.isNaN(time)) throw new UnusableInput(`--since ${since} is not an ISO 8601 time`);
  return time;
};

const readMaxApiCalls = (given: Given): number | null => {
  const text = given['max-api-calls'];
  return text === undefined ? null : wholeNumber('--max-api-calls', text, { from: 1 });
};

const readContentCheck = ({ 'content-check': part }: Given): ReconcileArguments['contentCheck'] => {
  if (part === undefined) return null;
  if (part !== 'today' && part !== 'all') throw new UnusableInput(`--content-check must be today or all, not ${part}`);
  return part;
};

/** `-` is the standard output. */
const readPlace = (option: 'json' | 'html', { [option]: path }: Given): string | null => {
  const problem = path === undefined || (option === 'json' && path === '-') ? null : placeProblem(path);
  if (problem !== null) throw new UnusableInput(`--${option} ${path}: ${problem}`);
  return path ?? null;
};

/** What goes together, and what does not. */
const checkTogether = (given: Given): void => {
  if ((given['target-org'] === undefined) !== (given['external-url'] === undefined))
    throw unusable('--target-org and --external-url go together', RECONCILE_USAGE);
  if (given['middle-layer-url'] !== undefined && given['target-org'] === undefined)
    throw new UnusableInput('--middle-layer-url goes with --target-org: the local parts are found by themselves');
  if (given.key !== undefined && given.undo === undefined) throw new UnusableInput('--key goes with --undo');
  if (given.undo !== undefined) {
    const other = (['close-breaker', 'make-again', 'content-check', 'since', 'html', 'max-api-calls'] as const).find(
      (name) => given[name],
    );
    if (other !== undefined) throw new UnusableInput(`--undo compares nothing: --${other} does not go with it`);
  }
  if (given['dry-run'] && given['close-breaker'])
    throw new UnusableInput('--close-breaker repairs, --dry-run does not: give one of them');
};

/** `flows`: the names of those that are compared. Throws UnusableInput. */
export const readReconcileArguments = (args: string[], flows: string[]): ReconcileArguments | 'help' => {
  const given = parse(args);
  if (given.help) return 'help';
  if (given.flow !== ALL_FLOWS && !flows.includes(given.flow))
    throw new UnusableInput(`--flow ${given.flow} is not compared; these are: ${flows.join(', ')}, or ${ALL_FLOWS}`);
  checkTogether(given);
  const meant = given.flow === ALL_FLOWS ? flows : [given.flow];
  const externalUrls = readExternalUrls(given['external-url'] ?? [], flows);
  const missing = meant.filter((name) => !externalUrls.has(name));
  if (given['target-org'] !== undefined && missing.length > 0)
    throw new UnusableInput(
      `--external-url is missing for the flow ${missing.join(', ')}: add --external-url ${missing[0]}=URL, or compare others with --flow`,
    );
  return {
    flows: meant,
    dryRun: given['dry-run'],
    record: !given['dry-run'] && !given['no-record'],
    closeBreaker: given['close-breaker'],
    makeAgain: given['make-again'],
    since: readSince(given),
    json: readPlace('json', given),
    html: readPlace('html', given),
    maxApiCalls: readMaxApiCalls(given),
    confirmSeconds: wholeNumber('--confirm-seconds', given['confirm-seconds']),
    contentCheck: readContentCheck(given),
    targetOrg: given['target-org'] ?? null,
    externalUrls,
    middleLayerUrl: given['middle-layer-url'] ?? null,
    undo: given.undo ?? null,
    key: given.key?.toLowerCase() ?? null,
  };
};
