export interface ExternalCase {
  externalId: string;
  key: string;
  salesforceCaseId: string | null;
  requestVersion: number | null;
  syncStatus: string;
  values: Record<string, unknown>;
  deleted: boolean;
  deletedInSalesforce: boolean;
}

interface Page {
  cases: (Omit<ExternalCase, 'deleted' | 'deletedInSalesforce'> & {
    deletedAt: string | null;
    salesforceDeletion: unknown;
  })[];
  next: string | null;
}

/** Reads the external system's side through its public API, every case it has registered. */
export const readExternal = async (url: string, token: string): Promise<ExternalCase[]> => {
  const cases: ExternalCase[] = [];
  for (let after: string | null = ''; after !== null;) {
    const response: Response = await fetch(`${url}/v1/cases?limit=1000&after=${encodeURIComponent(after)}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    if (!response.ok)
      throw new Error(
        `the external system answered ${response.status} to GET /v1/cases; is it up, and is its token right?`,
      );
    const page = (await response.json()) as Page;
    for (const { deletedAt, salesforceDeletion, ...rest } of page.cases) {
      cases.push({ ...rest, deleted: deletedAt !== null, deletedInSalesforce: salesforceDeletion !== null });
    }
    after = page.next;
  }
  return cases;
};

/** Requests that the external system shows as failed: key to the field it refused, or null when it names none. */
export const readFailedRequests = async (url: string, token: string): Promise<Map<string, string | null>> => {
  const response = await fetch(`${url}/v1/requests`, { headers: { authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error(`the external system answered ${response.status} to GET /v1/requests`);
  const { requests } = (await response.json()) as { requests: { key: string; field: string | null }[] };
  return new Map(requests.map(({ key, field }) => [key, field]));
};
