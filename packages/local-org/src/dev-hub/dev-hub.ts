/**
 * A Dev Hub: a saved ScratchOrgInfo signs an org up, a deleted ActiveScratchOrg ends it. The orgs live as
 * long as the hub runs; those of an earlier run are gone.
 */
import type { Clock } from 'kernel/clock.ts';
import { randomBytes, type Random } from 'kernel/random.ts';
import type { ApiDeps, ApiTransaction } from '../api/types.ts';
import type { Row, SaveError, SaveRequest, SaveResult, Store, Value } from '../store/types.ts';
import type { ConnectedApp, DevHubOptions, ScratchSignup, StartedScratchOrg } from '../types.ts';
import { saveOthers, durationDays, signupErrorCode, signupErrors, textOf } from './signup.ts';

export interface DevHubDeps {
  store: () => Store;
  clock: Clock;
  random: Random;
  connectedApps: readonly ConnectedApp[];
  options: DevHubOptions;
  log: (event: string, detail: Record<string, unknown>) => void;
}

interface Running {
  started: StartedScratchOrg;
  activeId: string;
  expiresAt: number;
  username: string;
}

type Transact = ApiDeps['transaction'];

const INFO = 'ScratchOrgInfo';
const ACTIVE = 'ActiveScratchOrg';
/** Allocations of a Developer Edition Dev Hub (Salesforce DX Developer Guide, "Supported Scratch Org Editions and Allocations"). */
const MAX_ACTIVE = 3;
const MAX_DAILY = 6;
const DAY_MS = 24 * 3_600_000;
/** A name on -S tells clients that the org is found by its LoginUrl. */
const INSTANCE = 'LOC1S';
const FATAL = 'C-9999';

const isOf = (object: string, row: Row): boolean => row.object.toLowerCase() === object.toLowerCase();
const dateText = (epochMs: number): string => new Date(epochMs).toISOString().slice(0, 'YYYY-MM-DD'.length);

export class DevHub {
  readonly #deps: DevHubDeps;
  /** By the id of the ScratchOrgInfo. */
  readonly #running = new Map<string, Running>();
  readonly #ending = new Set<Promise<void>>();
  #closed = false;

  constructor(deps: DevHubDeps) {
    this.#deps = deps;
    this.#forgetEarlierRun();
  }

  /** Transactions whose saves sign orgs up and end them, once they are committed. */
  transactions(inner: Transact): Transact {
    return (userId, work, options) => {
      const signedUp: string[] = [];
      const ended: string[] = [];
      const result = inner(userId, (transaction) => work(this.#watched(transaction, signedUp, ended)), options);
      for (const id of signedUp) void this.#signUp(id);
      for (const id of ended) this.#stop(id);
      return result;
    };
  }

  /** Ends the orgs whose time is over. */
  expire(): void {
    const now = this.#deps.clock.now();
    for (const [id, { expiresAt, activeId }] of this.#running) {
      if (expiresAt > now) continue;
      this.#write((store) => {
        store.removePlatformRow(ACTIVE, activeId);
        this.#change(store, id, { Status: 'Deleted', DeletedDate: now });
      });
      this.#stop(id);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const id of [...this.#running.keys()]) this.#stop(id);
    await Promise.all(this.#ending);
  }

  #watched(transaction: ApiTransaction, signedUp: string[], ended: string[]): ApiTransaction {
    return {
      savepoint: () => transaction.savepoint(),
      rollbackTo: (savepoint) => transaction.rollbackTo(savepoint),
      approve: (requests, access) => transaction.approve(requests, access),
      save: (request) => this.#save(request, (allowed) => transaction.save(allowed), signedUp, ended),
    };
  }

  #save(
    request: SaveRequest,
    save: (request: SaveRequest) => SaveResult[],
    signedUp: string[],
    ended: string[],
  ): SaveResult[] {
    const inserts = request.operation === 'insert' || request.operation === 'upsert';
    const isSignup = (row: Row): boolean => inserts && isOf(INFO, row) && row.id === null;
    const orgs = this.#infosOf(request);
    const errors = this.#refusals(request.rows.map((row) => (isSignup(row) ? row : null)));
    const results = saveOthers(request, errors, save);
    results.forEach(({ success, id }, index) => {
      const row = request.rows[index]!;
      if (!success || id === null) return;
      if (isSignup(row)) {
        this.#change(this.#deps.store(), id, { Status: 'New' });
        signedUp.push(id);
      }
      const info = orgs.get(id);
      if (info !== undefined) {
        this.#change(this.#deps.store(), info, { Status: 'Deleted', DeletedDate: this.#deps.clock.now() });
        ended.push(info);
      }
    });
    return results;
  }

  /** Of the active scratch orgs that the request deletes: their id to that of their ScratchOrgInfo. */
  #infosOf({ operation, rows }: SaveRequest): Map<string, string> {
    const ids = operation === 'delete' ? rows.flatMap((row) => (isOf(ACTIVE, row) && row.id ? [row.id] : [])) : [];
    if (ids.length === 0) return new Map();
    return new Map(
      this.#deps
        .store()
        .read(ACTIVE, ids)
        .map(({ id, values }) => [id!, String(values.get('ScratchOrgInfoId'))]),
    );
  }

  /** One list a row; nothing for rows that are no signups. */
  #refusals(signups: (Row | null)[]): SaveError[][] {
    const { maxActive = MAX_ACTIVE, maxDaily = MAX_DAILY } = this.#deps.options;
    const [active, daily] = signups.some((row) => row !== null) ? this.#counts() : [0, 0];
    let accepted = 0;
    return signups.map((row) => {
      if (row === null) return [];
      const limit =
        active + accepted >= maxActive
          ? `active scratch org limit of ${maxActive}`
          : daily + accepted >= maxDaily
            ? `daily scratch org signup limit of ${maxDaily}`
            : null;
      const message = `The signup request failed because this organization has reached its ${limit}`;
      const errors = limit ? [{ code: 'LIMIT_EXCEEDED', message, fields: [] }] : signupErrors(row);
      if (errors.length === 0) accepted += 1;
      return errors;
    });
  }

  #counts(): [active: number, daily: number] {
    const since = new Date(this.#deps.clock.now() - DAY_MS).toISOString();
    return [
      this.#count(`SELECT COUNT() FROM ${INFO} WHERE Status IN ('New', 'Creating', 'Active')`),
      this.#count(`SELECT COUNT() FROM ${INFO} WHERE Status != 'Error' AND CreatedDate > ${since}`),
    ];
  }

  #count(soql: string): number {
    const store = this.#deps.store();
    return store.query(soql, { access: { userId: store.orgId, mode: 'system', sharing: false } }).count ?? 0;
  }

  async #signUp(infoId: string): Promise<void> {
    const { clock, connectedApps, options, log } = this.#deps;
    const [row] = this.#deps.store().read(INFO, [infoId]);
    // The save was rolled back with the rest of its request.
    if (row === undefined) return;
    const code = signupErrorCode(row, {
      consumerKeys: connectedApps.map(({ consumerKey }) => consumerKey),
      usernames: new Set([...this.#running.values()].map(({ username }) => username.toLowerCase())),
    });
    if (code !== null) return this.#fail(infoId, code);
    this.#write((store) => this.#change(store, infoId, { Status: 'Creating' }));
    const signup = this.#signupOf(row, clock.now() + durationDays(row) * DAY_MS);
    try {
      const started = await options.start(signup);
      if (this.#closed) return await started.stop();
      this.#welcome(infoId, row, signup, started);
      log('scratch-org.active', { id: infoId, orgId: started.orgId, instanceUrl: started.instanceUrl });
    } catch (error) {
      log('scratch-org.failed', { id: infoId, error: error instanceof Error ? error.message : String(error) });
      if (!this.#closed) this.#fail(infoId, FATAL);
    }
  }

  #signupOf(row: Row, expiresAt: number): ScratchSignup {
    const username = textOf(row, 'Username') ?? `test-${this.#randomText().slice(0, 12).toLowerCase()}@example.com`;
    const consumerKey = textOf(row, 'ConnectedAppConsumerKey') ?? '';
    const callbackUrl = textOf(row, 'ConnectedAppCallbackUrl') ?? '';
    return {
      username,
      orgName: textOf(row, 'OrgName') ?? 'Company',
      edition: textOf(row, 'Edition')!,
      adminEmail: textOf(row, 'AdminEmail'),
      country: textOf(row, 'Country'),
      language: textOf(row, 'Language'),
      expiresAt,
      authorization: { code: this.#randomText(), consumerKey, callbackUrl, username },
      // The app that asked for the org may log in to it, as whoever is there.
      connectedApps: this.#deps.connectedApps
        .filter((app) => app.consumerKey === consumerKey)
        .map(({ allowedUsers: _, runAs: __, ...app }) => app),
    };
  }

  #welcome(infoId: string, row: Row, signup: ScratchSignup, started: StartedScratchOrg): void {
    const { username, expiresAt, orgName, edition, adminEmail, authorization } = signup;
    const store = this.#deps.store();
    const activeId = store.newId(ACTIVE);
    const shared = {
      ScratchOrg: started.orgId.slice(0, 15),
      ExpirationDate: dateText(expiresAt),
      SignupUsername: username,
      SignupEmail: adminEmail,
      SignupInstance: INSTANCE,
    };
    const active = { ...shared, ScratchOrgInfoId: infoId, OrgName: orgName, Edition: edition };
    const described = { Description: textOf(row, 'Description'), Features: textOf(row, 'Features') };
    this.#write(() => {
      const { code } = authorization;
      this.#change(store, infoId, { ...shared, Status: 'Active', LoginUrl: started.instanceUrl, AuthCode: code });
      const values = { ...active, ...described, Name: row.values.get('Name') ?? activeId };
      store.writePlatformRow({ object: ACTIVE, id: activeId, values: new Map(Object.entries(values)) });
    });
    this.#running.set(infoId, { started, activeId, expiresAt, username });
  }

  #fail(infoId: string, errorCode: string): void {
    this.#write((store) => this.#change(store, infoId, { Status: 'Error', ErrorCode: errorCode }));
  }

  #stop(infoId: string): void {
    const running = this.#running.get(infoId);
    if (!running) return;
    this.#running.delete(infoId);
    const ending = running.started.stop().finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }

  #forgetEarlierRun(): void {
    const store = this.#deps.store();
    const access = { userId: store.orgId, mode: 'system', sharing: false } as const;
    const ids = (soql: string): string[] => store.query(soql, { access }).rows.map(({ id }) => id!);
    const active = ids(`SELECT Id FROM ${ACTIVE}`);
    const infos = ids(`SELECT Id FROM ${INFO} WHERE Status IN ('New', 'Creating', 'Active')`);
    if (active.length + infos.length === 0) return;
    this.#write(() => {
      for (const id of active) store.removePlatformRow(ACTIVE, id);
      for (const id of infos) this.#change(store, id, { Status: 'Deleted', DeletedDate: this.#deps.clock.now() });
    });
  }

  #change(store: Store, infoId: string, values: Record<string, Value>): void {
    store.writePlatformRow({ object: INFO, id: infoId, values: new Map(Object.entries(values)) });
  }

  #write(work: (store: Store) => void): void {
    const store = this.#deps.store();
    const transaction = store.begin();
    try {
      work(store);
      transaction.commit();
    } catch (error) {
      transaction.rollback();
      throw error;
    }
  }

  #randomText(): string {
    return Buffer.from(randomBytes(this.#deps.random, 36)).toString('base64url');
  }
}
