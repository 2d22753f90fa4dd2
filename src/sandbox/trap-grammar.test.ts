import { expect, it } from 'vitest'
import { parseTrap } from './trap-grammar.ts'

it.each([
  ['index-lag-ms=2000', { indexLagMs: 2000 }],
  ['anonymous-downgrade=true', { anonymousDowngrade: true }],
  ['remote-api=web-sudo', { remoteApi: 'web-sudo' }],
] as const)('reads %s', (spec, traps) => expect(parseTrap(spec)).toEqual(traps))

it.each(['', 'index-lag-ms', 'index-lag-ms=soon', 'anonymous-downgrade=yes', 'remote-api=on', 'mouse=1'])(
  'refuses "%s", naming the traps there are',
  (spec) => {
    expect(() => parseTrap(spec)).toThrow(
      expect.objectContaining({
        code: 'sandbox.trap.unreadable',
        fix: expect.stringContaining('index-lag-ms=0'),
      }),
    )
  },
)
