/** Somebody at the pages of the service application, over HTTP as a browser would. */
import type { DecisionKind } from '../../../shared/usage-messages.ts';

/** An ad as the application's list shows it. */
export interface ListedAd {
  id: string;
  title: string;
  contract: string;
  uses: Record<string, string>;
  isCancelled: boolean;
  /** The words of the page on its report. */
  state: string;
}

const ESCAPES: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&amp;': '&' };

/** What a piece of a page says, without its tags. */
const textOf = (html: string): string =>
  html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/&(?:lt|gt|quot|#39|amp);/g, (escape) => ESCAPES[escape]!)
    .replaceAll(/\s+/g, ' ')
    .trim();

const inputs = (html: string): Record<string, string> =>
  Object.fromEntries(
    [...html.matchAll(/<input[^>]*?type="hidden"[^>]*?name="(\w+)"[^>]*?value="([^"]*)"/g)].map(([, name, value]) => [
      name!,
      value!,
    ]),
  );

/** The form of a page that goes to this address. */
const formTo = (html: string, action: string): string => {
  const form = html.split('<form').find((part) => part.includes(`action="${action}"`));
  if (form === undefined) throw new Error(`there is no form for ${action} on the page:\n${html}`);
  return form.split('</form>')[0]!;
};

const mustBe = (expected: number, { status, body }: { status: number; body: string }, what: string): void => {
  if (status !== expected) throw new Error(`${what}: the application answered ${status}: ${textOf(body)}`);
};

const usesIn = (text: string): Record<string, string> =>
  Object.fromEntries(text.split(', ').map((use) => use.split(' × ').reverse() as [string, string]));

const listedAd = (row: string): ListedAd[] => {
  const [, id] = /href="\/ads\/([0-9a-f-]{36})"/.exec(row) ?? [];
  if (id === undefined) return [];
  const [title = '', contract = '', uses = '', state = ''] = row.split('<td>').slice(1).map(textOf);
  const isCancelled = title.endsWith('(cancelled)');
  return [{ id, title: title.replace(/ \(cancelled\)$/, ''), contract, uses: usesIn(uses), isCancelled, state }];
};

export class Desk {
  readonly #url: () => string;
  #cookie = '';

  /** `url`: where the application is now. */
  constructor(url: () => string) {
    this.#url = url;
  }

  /** A page. Throws when it is not there. */
  async get(path: string): Promise<string> {
    const response = await fetch(this.#url() + path, { headers: { cookie: this.#cookie }, redirect: 'manual' });
    const body = await response.text();
    mustBe(200, { status: response.status, body }, path);
    return body;
  }

  async post(path: string, fields: [string, string][]): Promise<{ status: number; location: string; body: string }> {
    const response = await fetch(this.#url() + path, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie: this.#cookie, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields).toString(),
    });
    const [cookie] = (response.headers.get('set-cookie') ?? '').split(';');
    if (cookie) this.#cookie = cookie;
    return {
      status: response.status,
      location: response.headers.get('location') ?? '',
      body: await response.text(),
    };
  }

  /** Throws when the application does not let them in. */
  async signIn(name: string, password: string): Promise<this> {
    const answer = await this.post('/sign-in', [
      ['name', name],
      ['password', password],
    ]);
    mustBe(303, answer, `${name} signs in`);
    return this;
  }

  /** Books an ad on a contract; answers the path of its page. */
  async book(title: string, contract: string, uses: Record<string, string>, currency = 'EUR'): Promise<string> {
    const page = await this.get('/ads/new');
    return this.#send('/ads', formTo(page, '/ads'), title, contract, uses, currency);
  }

  /** Writes other content into an ad. */
  async change(path: string, title: string, contract: string, uses: Record<string, string>): Promise<void> {
    await this.#send(path, formTo(await this.get(path), path), title, contract, uses);
  }

  async cancel(path: string): Promise<void> {
    const form = formTo(await this.get(path), `${path}/cancel`);
    mustBe(303, await this.post(`${path}/cancel`, Object.entries(inputs(form))), 'cancelling an ad');
  }

  /** Decides on an ad that Salesforce could not enter; `path`: of the ad's page. Throws when no decision is offered. */
  async decide(path: string, wanted: { kind: DecisionKind; contract?: string; reason?: string }): Promise<void> {
    const action = path.replace(/^\/ads\//, '/exceptions/');
    const form = inputs(formTo(await this.get('/exceptions'), action));
    mustBe(303, await this.post(action, Object.entries({ ...form, ...wanted })), `deciding on ${path}`);
  }

  /** Makes the invoice of a contract, or makes it again: what the page says then. Throws when the page offers neither. */
  async makeInvoice(contract: string): Promise<string> {
    const path = `/invoices/${encodeURIComponent(contract)}`;
    const answer = await this.post(path, Object.entries(inputs(formTo(await this.get(path), path))));
    mustBe(200, answer, `making the invoice of contract ${contract}`);
    return textOf(answer.body);
  }

  /** A file that the application offers for download. */
  async download(path: string): Promise<Buffer> {
    const response = await fetch(this.#url() + path, { headers: { cookie: this.#cookie } });
    if (response.status !== 200) throw new Error(`${path}: the application answered ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  }

  /** Every ad of the application, page by page. */
  async ads(): Promise<ListedAd[]> {
    const all: ListedAd[] = [];
    for (let path: string | undefined = '/ads'; path !== undefined;) {
      const page: string = await this.get(path);
      all.push(...page.split('<tr>').flatMap(listedAd));
      path = /href="(\/ads\?after=[^"]+)"/.exec(page)?.[1];
    }
    return all;
  }

  async #send(
    path: string,
    form: string,
    title: string,
    contract: string,
    uses: Record<string, string>,
    currency = 'EUR',
  ): Promise<string> {
    const answer = await this.post(path, [
      ...Object.entries(inputs(form)),
      ['title', title],
      ['contract', contract],
      ['currency', currency],
      ...Object.entries(uses).flatMap(([product, units]): [string, string][] => [
        ['product', product],
        ['units', units],
      ]),
    ]);
    mustBe(303, answer, `saving the ad ${title}`);
    return answer.location.split('?')[0]!;
  }
}
