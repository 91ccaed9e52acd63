import type { Chapter, Proven, ToldFlow } from '../../../story/flow.ts';
import type { OrgConnection } from '../../../story/org/connect.ts';
import type { Progress } from '../../../story/progress.ts';
import type { LocalSystem } from '../../../story/system.ts';
import { Desk } from './desk.ts';
import { compare } from './proof.ts';
import { renderUsage, type UsageFigures } from './report.ts';
import {
  changeAPrice,
  credit,
  fulfil,
  readUsage,
  renameAccount,
  sellAds,
  sellNext,
  SOLD,
  unitsLeft,
  type SoldContract,
} from './sales.ts';
import { PERMISSION_SETS, UsageInSystem } from './system.ts';

/** Longer than any report takes while all parts serve. */
const REPORTED_WITHIN_MS = 60_000;
const LOOK_MS = 100;

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** As the page of an ad marks what Salesforce could not enter. */
const NOT_ENTERED = 'class="state-bad" href="/exceptions">waits for a decision';

const idOf = (path: string): string => path.split('/').at(-1)!;

const soldInWords = SOLD.map(([code, units, price]) => `${units} ${code} at ${price}.00 EUR`).join(', ');

/** The article's story: ads of Magic Ads Inc, booked by Klaus, corrected by Petra, and locked when the contract is fulfilled. */
class UsageChapter implements Chapter {
  readonly flow = new UsageInSystem();
  readonly killsOrg: boolean;
  #contract!: SoldContract;
  #klaus!: Desk;
  #petra!: Desk;
  /** Paths of what was booked after the contract was fulfilled, and nobody has decided on. */
  readonly #waiting: string[] = [];

  /** `faults`: whether Salesforce is away for a while. */
  constructor(faults: boolean) {
    this.killsOrg = faults;
  }

  async seed(system: LocalSystem, progress: Progress): Promise<void> {
    const { admin } = system;
    this.#contract = await sellAds(admin);
    progress.say(`sales sold Magic Ads Inc ${soldInWords}: contract ${this.#contract.number}`);
    [this.#klaus, this.#petra] = await this.#signIn(system);
    const path = await this.#klaus.book('Autumn', this.#contract.number, { SMALL: '3' });
    await this.#untilInSalesforce(path);
    progress.say(`Klaus booked 3 SMALL by mistake: ${await this.#left(admin)}`);
    await this.#petra.change(path, 'Autumn', this.#contract.number, { GIGANTIC: '1' });
    await this.#untilInSalesforce(path);
    progress.say(`Petra made it 1 GIGANTIC, before anybody is billed: ${await this.#left(admin)}`);
    if (!this.killsOrg) await this.#bookTheRest();
  }

  async untilUnderWay(): Promise<void> {}

  async breakThings(system: LocalSystem, progress: Progress): Promise<void> {
    progress.say('Salesforce killed');
    await system.whileOrgDown(async () => {
      const page = await this.#klaus.get('/');
      if (!page.includes('Salesforce cannot be reached'))
        throw new Error('the service application does not say that Salesforce cannot be reached');
      const titles = await this.#bookTheRest();
      progress.say(
        `the service application says that Salesforce cannot be reached; Klaus books ${titles.join(' and ')} all the same, and they queue`,
      );
    });
    progress.say('Salesforce started again');
  }

  async conclude(system: LocalSystem, progress: Progress): Promise<void> {
    const { admin } = system;
    progress.say(`what was booked is there: ${await this.#left(admin)}`);
    await fulfil(admin, this.#contract);
    const refusal = await changeAPrice(admin, this.#contract);
    progress.say(`contract fulfilled and locked; an administrator who changes a price is told: ${refusal}`);
    await this.#bookTooLate(admin, progress);
    await this.#makeInvoiceTwice(admin);
    progress.say('Petra made the invoice, and again after the account was renamed: byte-identical');
  }

  async prove(system: LocalSystem): Promise<Proven> {
    const { admin } = system;
    // in other flows' stories days may have passed, and sessions end after hours
    [this.#klaus, this.#petra] = await this.#signIn(system);
    const [ads, held] = await Promise.all([this.#petra.ads(), readUsage(admin)]);
    const proof = compare(ads, held, this.#waiting.map(idOf));
    const figures: UsageFigures = { ads: ads.length, ...proof, left: await this.#left(admin) };
    const faults: Record<string, number> = this.killsOrg ? { 'Salesforce killed': 1 } : {};
    return { agreed: proof.differences.length === 0, figures, faults, lines: renderUsage(figures) };
  }

  places(system: LocalSystem): [label: string, value: string][] {
    const { url } = this.flow.app(system);
    return [
      ['service app', url],
      ...this.flow.people.map(({ name, role, password }): [string, string] => [role, `${name}, password ${password}`]),
    ];
  }

  async #signIn(system: LocalSystem): Promise<[Desk, Desk]> {
    const url = (): string => this.flow.app(system).url;
    const [klaus, petra] = this.flow.people.map(({ name, password }) => new Desk(url).signIn(name, password));
    return [await klaus!, await petra!];
  }

  /** Answers the titles of the ads. */
  async #bookTheRest(): Promise<string[]> {
    await this.#klaus.book('Winter', this.#contract.number, { SMALL: '2' });
    await this.#klaus.book('Spring', this.#contract.number, { GIGANTIC: '1', SMALL: '1' });
    return ['Winter', 'Spring'];
  }

  /** No locked contract takes it: one booking goes to the next contract, one is credited, and one still waits. */
  async #bookTooLate(admin: OrgConnection, progress: Progress): Promise<void> {
    const { number } = this.#contract;
    const book = (title: string): Promise<string> => this.#klaus.book(title, number, { SMALL: '1' });
    const [moved, credited, waiting] = [await book('Too late'), await book('Later'), await book('Last')];
    this.#waiting.push(waiting);
    for (const path of [moved, credited]) await this.#until(this.#klaus, path, NOT_ENTERED);
    progress.say(
      'Klaus books 1 SMALL three times after that: no locked contract takes it, and each waits for a decision',
    );
    const next = await sellNext(admin, this.#contract);
    await this.#petra.decide(moved, { kind: 'NEXT_CONTRACT', contract: next.number });
    await this.#untilInSalesforce(moved);
    progress.say(`Petra moves one of them to the next contract: ${await unitsLeft(admin, next)}`);
    await credit(admin, idOf(credited));
    await this.#until(this.#klaus, credited, 'cancelled in Salesforce');
    progress.say('sales credits another one in Salesforce, and the service application follows');
  }

  /** Throws when the second is not the first, byte for byte. */
  async #makeInvoiceTwice(admin: OrgConnection): Promise<void> {
    const { id, number } = this.#contract;
    await this.#until(this.#petra, `/invoices/${number}`, 'agree on what was used');
    await this.#petra.makeInvoice(number);
    const first = await this.#petra.download(`/invoices/${number}/pdf`);
    await renameAccount(admin, id, 'Wonder Ads Ltd');
    const said = await this.#petra.makeInvoice(number);
    const second = await this.#petra.download(`/invoices/${number}/pdf`);
    if (!said.includes('byte-identical') || !second.equals(first))
      throw new Error(`the invoice of contract ${number} came out differently the second time: ${said}`);
  }

  #left(admin: OrgConnection): Promise<string> {
    return unitsLeft(admin, this.#contract);
  }

  #untilInSalesforce(path: string): Promise<void> {
    return this.#until(this.#klaus, path, 'in Salesforce');
  }

  /** Until a page says so. */
  async #until(desk: Desk, path: string, words: string): Promise<void> {
    const deadline = performance.now() + REPORTED_WITHIN_MS;
    while (!(await desk.get(path)).includes(words)) {
      if (performance.now() > deadline)
        throw new Error(`${path} does not say “${words}” after ${REPORTED_WITHIN_MS / 1000} s`);
      await wait(LOOK_MS);
    }
  }
}

export const toldUsage: ToldFlow = {
  about: 'a contract, and a service application in which its ads are booked',
  permissionSets: PERMISSION_SETS,
  prepare: ({ faults }) => Promise.resolve(new UsageChapter(faults)),
};
