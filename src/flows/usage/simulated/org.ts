/** The org that usage is played in: who works in it, what is sold there, and how they reach it. */
import type { HttpResponse } from 'kernel/http.ts';
import type { ConnectedApp } from 'local-org/types.ts';
import { parsed } from '../../../shared/shapes.ts';
import type { World } from '../../../simulation/world.ts';

const SECRET = 'only for the simulation';

/** Everybody who logs in by an app of their own, besides the middle layer. */
const USERS = {
  /** An administrator who sells and fulfils contracts, and who may not report usage. */
  sales: { profile: 'System Administrator', permissionSets: ['Concord_Usage_Sales', 'Concord_Usage_Billing'] },
  /** Reads contracts for the service application. */
  application: {
    profile: 'Minimum Access - API Only Integrations',
    permissionSets: ['Concord_Usage_Application'],
  },
} as const;
export type UserName = keyof typeof USERS;

const usernameOf = (name: string): string => `${name}@usage.example`;

export const CONNECTED_APPS: readonly ConnectedApp[] = Object.keys(USERS).map((name) => ({
  consumerKey: name,
  consumerSecret: SECRET,
  runAs: usernameOf(name),
}));

/** What a contract may sell. The last is in no contract at first. */
export const PRODUCTS = ['GIGANTIC', 'SMALL', 'BANNER'] as const;

const assign = (user: string, permissionSets: readonly string[]): string =>
  `Id assignee = ${user};
   List<PermissionSetAssignment> assignments = new List<PermissionSetAssignment>();
   for (PermissionSet granted : [SELECT Id FROM PermissionSet WHERE Name IN ('${permissionSets.join("', '")}')]) {
     assignments.add(new PermissionSetAssignment(AssigneeId = assignee, PermissionSetId = granted.Id));
   }
   insert assignments;`;

/** Of two contracts one blocks over-booking, and one flags it. */
const SOLD = `
  Account customer = new Account(Name = 'Magic Ads Inc');
  insert customer;
  List<Product2> products = new List<Product2>();
  for (String code : new List<String>{ '${PRODUCTS.join("', '")}' }) {
    products.add(new Product2(Name = code + ' ad', ProductCode = code, IsActive = true));
  }
  insert products;
  for (String policy : new List<String>{ 'Block', 'Flag' }) {
    Contract sold = new Contract(
      AccountId = customer.Id, StartDate = Date.newInstance(2026, 1, 1), ContractTerm = 12,
      Usage_Currency__c = 'EUR', Overbooking__c = policy
    );
    insert sold;
    for (Integer i = 0; i < 2; i++) {
      insert new Contract_Line__c(
        Contract__c = sold.Id, Product__c = products[i].Id, Units__c = 10 - 5 * i, Unit_Price__c = 99.95
      );
    }
  }`;

/** The schedule that takes up seals in progress, as `ConcordSchedule.install()` has it: without the jobs of other flows, which take their time. */
const HOUSEKEEPING = `
  String name = 'Concord reconciliation housekeeping of usage';
  if ([SELECT COUNT() FROM CronTrigger WHERE CronJobDetail.Name = :name] == 0) {
    System.schedule(name, '0 7 * * * ?', new UsageFlow().housekeeping());
  }`;

export const ACTIVATION: readonly string[] = [
  'ConcordSetup.activateSync();',
  HOUSEKEEPING,
  assign('UserInfo.getUserId()', ['Concord_Usage_Integration']),
  ...Object.entries(USERS).flatMap(([name, { profile, permissionSets }]) => [
    `insert new User(
       Username = '${usernameOf(name)}', Email = '${usernameOf(name)}', LastName = '${name}', Alias = '${name.slice(0, 8)}',
       ProfileId = [SELECT Id FROM Profile WHERE Name = '${profile}'].Id,
       TimeZoneSidKey = 'GMT', LocaleSidKey = 'en_US', EmailEncodingKey = 'UTF-8', LanguageLocaleKey = 'en_US'
     );`,
    assign(`[SELECT Id FROM User WHERE Username = '${usernameOf(name)}'].Id`, permissionSets),
  ]),
  SOLD,
];

/** Asks for a session; what the body of the answer is, the caller reads. */
export const loginBody = (name: UserName): string =>
  new URLSearchParams({ grant_type: 'client_credentials', client_id: name, client_secret: SECRET }).toString();

export const LOGIN = {
  method: 'POST',
  path: '/services/oauth2/token',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
} as const;

/** The session that a login's answer gives, or null. */
export const sessionOf = ({ status, body }: HttpResponse): string | null => {
  const answer = status === 200 ? (parsed(body) as { access_token?: unknown } | undefined) : undefined;
  return typeof answer?.access_token === 'string' ? answer.access_token : null;
};

/** What the org made of a person's request. */
export interface Reply {
  /** Whether it did what was asked. */
  done: boolean;
  body: unknown;
}

const API = '/services/data/v67.0';

/** A person who works in the org, outside the faulty network. */
export class Person {
  readonly #world: World;
  readonly #name: UserName;
  #session: string | null = null;

  constructor(world: World, name: UserName) {
    this.#world = world;
    this.#name = name;
  }

  async ask(method: string, path: string, body?: unknown): Promise<Reply> {
    let response = await this.#send(method, path, body);
    if (response.status === 401) {
      this.#session = null;
      response = await this.#send(method, path, body);
    }
    const { clock, trace } = this.#world;
    if (method !== 'GET')
      trace.note(clock.now(), this.#name, method, path, JSON.stringify(body) ?? '', response.status, response.body);
    return { done: response.status < 400, body: parsed(response.body) };
  }

  async #send(method: string, path: string, body: unknown): Promise<HttpResponse> {
    const { org } = this.#world;
    this.#session ??= sessionOf(
      await org.handle({
        method: LOGIN.method,
        url: LOGIN.path,
        headers: { ...LOGIN.headers },
        body: loginBody(this.#name),
      }),
    );
    return org.handle({
      method,
      url: `${API}${path}`,
      headers: { authorization: `Bearer ${this.#session}`, 'content-type': 'application/json' },
      body: body === undefined ? '' : JSON.stringify(body),
    });
  }
}
