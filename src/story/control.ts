/** Speaks to the control ports that local parts have and a real org does not. */
export interface Control {
  post<T = unknown>(path: string, body: unknown): Promise<T>;
  get<T = unknown>(path: string): Promise<T>;
}

/** The control port at `url`, whose callers present `token`. */
export const controlOf = (url: string, token: string): Control => {
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} at the control port answered ${response.status}: ${text}`);
    return JSON.parse(text) as T;
  };
  return { post: (path, body) => call('POST', path, body), get: (path) => call('GET', path) };
};
