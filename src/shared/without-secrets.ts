/** Where lines are written: pino's destination, or a stream. */
interface Lines {
  write(line: string): unknown;
}

/** Shorter than any secret that is one: "a" stands in most words. */
const SHORTEST = 4;
const CENSORED = '[not logged]';

/** A text with each of `secrets` taken out, as it is and as JSON writes it. */
export const censor = (secrets: readonly (string | null | undefined)[]): ((text: string) => string) => {
  const forms = secrets
    .filter((secret): secret is string => typeof secret === 'string' && secret.trim().length >= SHORTEST)
    .flatMap((secret) => {
      const parts = [secret, secret.trim(), ...secret.split(/\s+/).filter((part) => part.length >= 2 * SHORTEST)];
      return parts.flatMap((part) => [part, JSON.stringify(part).slice(1, -1)]);
    });
  // the longest first: one may hold another
  const distinct = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return (text) => distinct.reduce((shown, secret) => shown.replaceAll(secret, CENSORED), text);
};

/** The same destination, to which no line carries one of these values, wherever in the line it stands. */
export const withoutSecrets = (to: Lines, secrets: readonly (string | null | undefined)[]): Lines => {
  const shown = censor(secrets);
  return { write: (line) => to.write(shown(line)) };
};
