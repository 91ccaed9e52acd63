import type { HttpResponse } from 'kernel/http.ts';
import type { LocalOrg } from 'local-org';

/** A multipart request to an org in this process, as its administrator; rejects when the org refuses it. */
export const uploadTo = async (
  org: LocalOrg,
  url: string,
  boundary: string,
  parts: readonly Uint8Array[],
): Promise<HttpResponse> => {
  const response = await org.handle({
    method: 'POST',
    url,
    headers: {
      authorization: `Bearer ${org.info.accessToken}`,
      'content-type': `multipart/form-data; boundary=${boundary}`,
    },
    body: '',
    bytes: Buffer.concat(parts),
  });
  if (response.status >= 400) throw new Error(`POST ${url} answered ${response.status}: ${response.body}`);
  return response;
};
