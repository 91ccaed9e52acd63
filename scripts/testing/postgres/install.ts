import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findPostgres } from './find.ts';

/** Installs PostgreSQL from the packages of the system where that needs nobody's leave: as root on Debian. Returns why not, or null. */
export const installPostgres = (): string | null => {
  if (process.getuid?.() !== 0) return 'PostgreSQL is not installed, and only root could install it';
  if (!existsSync('/etc/debian_version')) return 'PostgreSQL is not installed, and this is no Debian to install it on';
  console.log('server database: installing PostgreSQL from the packages of the system, once');
  for (const args of [['update'], ['install', '--yes', '--no-install-recommends', 'postgresql']]) {
    const { status, stderr } = spawnSync('apt-get', args, {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      encoding: 'utf8',
    });
    if (status !== 0) return `apt-get ${args[0]} failed: ${stderr.trim().split('\n').at(-1)}`;
  }
  return findPostgres() === null
    ? 'PostgreSQL was installed, but its programs are not where they are looked for'
    : null;
};
