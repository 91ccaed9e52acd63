/** Somebody at the pages of the service application, over HTTP as a browser would. */
import assert from 'node:assert/strict';

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
  assert.ok(form, `there is no form for ${action} on the page:\n${html}`);
  return form.split('</form>')[0]!;
};

export class Desk {
  readonly #url: () => string;
  #cookie = '';

  /** `url`: where the application is now. */
  constructor(url: () => string) {
    this.#url = url;
  }

  async get(path: string): Promise<string> {
    const response = await fetch(this.#url() + path, { headers: { cookie: this.#cookie }, redirect: 'manual' });
    assert.equal(response.status, 200, `${path} answers ${response.status}`);
    return response.text();
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

  async signIn(name: string, password: string): Promise<this> {
    const { status } = await this.post('/sign-in', [
      ['name', name],
      ['password', password],
    ]);
    assert.equal(status, 303, `${name} may sign in`);
    return this;
  }

  /** Books an ad on a contract; answers the path of its page. */
  async book(title: string, contract: string, uses: Record<string, string>): Promise<string> {
    const page = await this.get('/ads/new');
    return this.#send('/ads', formTo(page, '/ads'), title, contract, uses);
  }

  /** Writes other content into an ad. */
  async change(path: string, title: string, contract: string, uses: Record<string, string>): Promise<void> {
    await this.#send(path, formTo(await this.get(path), path), title, contract, uses);
  }

  async cancel(path: string): Promise<void> {
    const form = formTo(await this.get(path), `${path}/cancel`);
    assert.equal((await this.post(`${path}/cancel`, Object.entries(inputs(form)))).status, 303);
  }

  async #send(
    path: string,
    form: string,
    title: string,
    contract: string,
    uses: Record<string, string>,
  ): Promise<string> {
    const { status, location, body } = await this.post(path, [
      ...Object.entries(inputs(form)),
      ['title', title],
      ['contract', contract],
      ['currency', 'EUR'],
      ...Object.entries(uses).flatMap(([product, units]): [string, string][] => [
        ['product', product],
        ['units', units],
      ]),
    ]);
    assert.equal(status, 303, body);
    return location;
  }
}
