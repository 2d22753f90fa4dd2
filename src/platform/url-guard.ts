/**
 * Which addresses this server calls for others. Whoever may set up a connector or a webhook names an address, and the server stands in networks
 * that they do not: what is private or tells secrets of the machine is called only where the operator allows it.
 *
 * @module
 */

import { lookup as resolveName } from 'node:dns'
import { lookup } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { OutflowError } from '../model/errors.ts'
import type { Environment } from './settings.ts'

export interface UrlGuardOptions {
  /** Networks of an organisation, and this machine: Data Center lives there. */
  readonly allowPrivate: boolean
  /** Link-local addresses, where clouds tell machines their credentials. Default false. */
  readonly allowLinkLocal?: boolean
}

export interface UrlGuard {
  /** A name that is not found passes: nothing is connected to. @throws {OutflowError} `config`, code `url.refused` */
  check(url: string): Promise<void>
  /** The same for a host alone. */
  checkHost(host: string): Promise<void>
  /** For sockets: looks a name up and refuses what `check` would, so that the address that was checked is the one that is connected to. */
  readonly lookup: LookupFunction
}

/** `OUTFLOW_ALLOW_PRIVATE_NETWORK`: `false`, public addresses alone; not set, private ones too; `true`, link-local ones as well. */
export function urlGuardOf({ OUTFLOW_ALLOW_PRIVATE_NETWORK: word = '' }: Environment): UrlGuard {
  const on = /^(true|1|yes)$/i.test(word)
  const off = /^(false|0|no)$/i.test(word)
  if (word !== '' && !on && !off) throw unclear(word)
  return createUrlGuard({ allowPrivate: !off, allowLinkLocal: on })
}

export function createUrlGuard({ allowPrivate, allowLinkLocal = false }: UrlGuardOptions): UrlGuard {
  const allowed: Readonly<Record<Reach, boolean>> = {
    public: true,
    private: allowPrivate || allowLinkLocal,
    'link-local': allowLinkLocal,
    unusable: allowLinkLocal,
  }

  function refuse(host: string, address: string): OutflowError | undefined {
    const reach = reachOf(address)
    return allowed[reach] ? undefined : refused(host, reach)
  }

  const guardedLookup: LookupFunction = (host, options, done) => {
    resolveName(host, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, [])
      const problem = addresses.map(({ address }) => refuse(host, address)).find(Boolean)
      const [first] = addresses
      if (problem || !first) done(problem ?? new Error(`${host} has no address.`), [])
      else if (options.all) done(null, addresses)
      else done(null, first.address, first.family)
    })
  }

  async function checkHost(host: string): Promise<void> {
    const name = host.replace(/^\[(.*)\]$/, '$1')
    const addresses = ipaddr.isValid(name) ? [name] : await addressesOf(name)
    for (const address of addresses) {
      const problem = refuse(host, address)
      if (problem) throw problem
    }
  }

  return {
    lookup: guardedLookup,
    checkHost,
    async check(url) {
      const parsed = URL.parse(url)
      if (!parsed || !['http:', 'https:'].includes(parsed.protocol)) throw notCallable()
      if (parsed.username !== '' || parsed.password !== '') throw withCredentials(parsed.host)
      await checkHost(parsed.hostname)
    },
  }
}

/** `unusable`: leads to no single machine, or to none. */
type Reach = 'public' | 'private' | 'link-local' | 'unusable'

const reaches: Readonly<Record<string, Reach>> = {
  unicast: 'public',
  linkLocal: 'link-local',
  unspecified: 'unusable',
  broadcast: 'unusable',
  multicast: 'unusable',
}

/** Where clouds tell machines about themselves, beside the link-local range. */
const machineAddresses: ReadonlySet<string> = new Set([
  'fd00:ec2::254',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
])

function reachOf(text: string): Reach {
  const [bare = text] = text.split('%')
  const address = plain(ipaddr.process(bare))
  if (machineAddresses.has(address.toString())) return 'link-local'
  return reaches[address.range()] ?? 'private'
}

/** Of an IPv6 address that stands for an IPv4 one, that one. */
function plain(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  if (address.kind() === 'ipv4') return address
  const bytes = address.toByteArray()
  const range = address.range()
  if (range === 'rfc6052' || range === 'rfc6145') return ipaddr.fromByteArray(bytes.slice(12))
  if (range === '6to4') return ipaddr.fromByteArray(bytes.slice(2, 6))
  return address
}

async function addressesOf(host: string): Promise<readonly string[]> {
  const found = await lookup(host, { all: true }).catch(() => [])
  return found.map(({ address }) => address)
}

const words: Readonly<Record<Exclude<Reach, 'public'>, string>> = {
  private: 'an address of a private network',
  'link-local': 'a link-local address, or one where a cloud tells its machines about themselves',
  unusable: 'no address of a single machine',
}

function refused(host: string, reach: Reach): OutflowError {
  const what = reach === 'public' ? '' : words[reach]
  return refusal(
    `${host} is ${what}, and this server calls none of those.`,
    'Whoever runs the server can allow it: OUTFLOW_ALLOW_PRIVATE_NETWORK=true.',
  )
}

function notCallable(): OutflowError {
  return refusal('This is no address that begins with http:// or https://.', 'Correct the address.')
}

function withCredentials(host: string): OutflowError {
  return refusal(
    `The address of ${host} holds a user name or password.`,
    'Take them out of the address; credentials have settings of their own.',
  )
}

function refusal(message: string, fix: string): OutflowError {
  return new OutflowError({ kind: 'config', code: 'url.refused', message, fix })
}

function unclear(word: string): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'url.policy_unclear',
    message: `OUTFLOW_ALLOW_PRIVATE_NETWORK is "${word}", which is neither true nor false.`,
    fix: 'Set it to true or false, or leave it out.',
  })
}
