/** The API versions that the local org answers to. They differ in the path only. */
const NEWEST = 67;
const OLDEST = 50;
const SEASONS = ['Winter', 'Spring', 'Summer'];
/** Version 61.0 was Summer '24; there are three releases a year. */
const ANCHOR = { version: 61, year: 24, season: 2 };

export const NEWEST_VERSION = `${NEWEST}.0`;

export const isSupportedVersion = (version: string): boolean => {
  const match = /^(\d+)\.0$/.exec(version);
  return match !== null && Number(match[1]) >= OLDEST && Number(match[1]) <= NEWEST;
};

/** The answer to GET /services/data, oldest first. */
export const listVersions = (): { label: string; url: string; version: string }[] =>
  Array.from({ length: NEWEST - OLDEST + 1 }, (_, index) => {
    const version = OLDEST + index;
    return { label: label(version), url: `/services/data/v${version}.0`, version: `${version}.0` };
  });

const label = (version: number): string => {
  const releases = version - ANCHOR.version + ANCHOR.season + ANCHOR.year * SEASONS.length;
  const season = SEASONS[releases % SEASONS.length]!;
  return `${season} '${String(Math.floor(releases / SEASONS.length)).padStart(2, '0')}`;
};
