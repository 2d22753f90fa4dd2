/**
 * Traps as they are written on a command line: `index-lag-ms=2000`, `anonymous-downgrade=true`, `remote-api=web-sudo`.
 *
 * @module
 */

import { OutflowError } from '../model/errors.ts'
import { defaultTraps, type Traps } from './context.ts'

const remoteApis: readonly string[] = ['enabled', 'disabled', 'web-sudo'] satisfies Traps['remoteApi'][]

/** @throws {OutflowError} kind `config`, code `sandbox.trap.unreadable`, naming the traps there are */
export function parseTrap(spec: string): Partial<Traps> {
  const [name = '', value = ''] = spec.split('=', 2)
  const trap = Object.keys(defaultTraps).find((each) => written(each) === name) as keyof Traps | undefined
  const parsed = trap === undefined ? undefined : readValue(trap, value)
  if (trap !== undefined && parsed !== undefined) return { [trap]: parsed }
  throw new OutflowError({
    kind: 'config',
    code: 'sandbox.trap.unreadable',
    message: `The trap "${spec}" cannot be read.`,
    fix: `Traps and their defaults: ${Object.entries(defaultTraps)
      .map(([each, usual]) => `${written(each)}=${usual}`)
      .join(', ')}; remote-api is one of ${remoteApis.join(', ')}.`,
  })
}

const written = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

function readValue(trap: keyof Traps, value: string): Traps[keyof Traps] | undefined {
  const usual = defaultTraps[trap]
  if (typeof usual === 'number') return /^\d+$/.test(value) ? Number(value) : undefined
  if (typeof usual === 'boolean') return value === 'true' || value === 'false' ? value === 'true' : undefined
  return remoteApis.includes(value) ? (value as Traps['remoteApi']) : undefined
}
