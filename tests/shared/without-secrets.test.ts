import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pino } from 'pino';
import { censor, withoutSecrets } from '../../src/shared/without-secrets.ts';

describe('what is logged carries no secret', () => {
  const logged = (secrets: (string | null)[], detail: object): string => {
    const lines: string[] = [];
    pino({}, withoutSecrets({ write: (line) => lines.push(line) }, secrets)).info(detail);
    assert.equal(lines.length, 1);
    return lines.join('');
  };

  it('wherever in a line its value stands', () => {
    const line = logged(['s3cr3t-token'], {
      message: 'bad header "Bearer s3cr3t-token"',
      deep: { er: ['s3cr3t-token'] },
    });
    assert.equal(line.includes('s3cr3t'), false);
    assert.match(line, /bad header \\"Bearer \[not logged\]\\"/);
  });

  it('when it has a line break, or quotes: as JSON writes it', () => {
    const token = 'first-half\nsecond"half';
    const line = logged([token], { message: `Invalid header value: Bearer ${token}` });
    assert.equal(/first-half|second/.test(line), false);
    assert.equal(
      /first-half|secondhalf/.test(logged(['first-half\nsecondhalf'], { message: 'got first-half, secondhalf' })),
      false,
    );
  });

  it('and stays as it is otherwise: what is too short for a secret takes nothing out', () => {
    assert.equal(censor(['a', null, ''])('a cat'), 'a cat');
  });
});
