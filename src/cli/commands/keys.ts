/**
 * `outflow keys create|list|revoke`, and `outflow secrets rotate`: who may call the API, and what secrets are sealed with.
 *
 * @module
 */

import { type Command, InvalidArgumentError, Option } from 'commander'
import { createKeys, defaultWorkspace } from '../../platform/keys.ts'
import { type Key, type Keys, type Scope, scopes } from '../../platform/platform.ts'
import { openSecrets, rotateSecrets } from '../../platform/secrets.ts'
import { openState, stateFolder } from '../../platform/state.ts'
import type { Store } from '../../store/index.ts'
import { exitCodes } from '../exit.ts'
import { printable, type Terminal } from '../terminal.ts'

interface StateFlags {
  readonly state?: string
  readonly json?: boolean
}

interface CreateFlags extends StateFlags {
  readonly name: string
  readonly workspace: string
  readonly scope: Scope
  readonly expires?: Date
}

type Exit = (code: number) => void

export function addKeys(program: Command, terminal: Terminal, exit: Exit): void {
  const keys = program
    .command('keys')
    .summary('who may call the API')
    .description(
      'Makes, lists and revokes keys of the API. With a state folder, stop the server meanwhile; with DATABASE_URL there is no need to.',
    )
  withState(keys.command('create'))
    .summary('make a key')
    .description('Makes a key, and prints it: it is told this once.')
    .option('--name <name>', 'what it is for', 'command line')
    .option('--workspace <name>', 'whose it is; made when it is missing', defaultWorkspace)
    .addOption(
      new Option('--scope <scope>', 'what its holder may do; each includes those before it')
        .choices(scopes)
        .default('manage'),
    )
    .option('--expires <when>', 'a date (2027-01-31), or days from now (90d)', parseExpiry)
    .action(async (flags: CreateFlags) => {
      await withKeys(flags, terminal, 'outflow keys create', false, (made) => create(made, flags, terminal))
      exit(exitCodes.done)
    })
  withState(keys.command('list'))
    .summary('all keys')
    .description('Lists all keys, without the keys themselves: of those nobody has more than a hash.')
    .option('--workspace <name>', 'of this workspace alone')
    .action(async (flags: StateFlags & { workspace?: string }) => {
      await withKeys(flags, terminal, 'outflow keys list', true, async (made) => {
        print(await made.list(flags.workspace), flags, terminal)
      })
      exit(exitCodes.done)
    })
  withState(keys.command('revoke').argument('<id>', 'its id, as "outflow keys list" tells it'))
    .summary('end a key')
    .description('Revokes a key: servers take it for some seconds more at most.')
    .action(async (id: string, flags: StateFlags) => {
      await withKeys(flags, terminal, 'outflow keys revoke', true, async (made) => {
        const key = await made.revoke(id)
        if (flags.json) terminal.out(JSON.stringify(key))
        else terminal.say(`Revoked: ${describe(key)}`)
      })
      exit(exitCodes.done)
    })
  addSecrets(program, terminal, exit)
}

function addSecrets(program: Command, terminal: Terminal, exit: Exit): void {
  const secrets = program
    .command('secrets')
    .summary('what secrets are sealed with')
    .description('Looks after the key that the secrets of connectors and webhooks are sealed with.')
  withState(secrets.command('rotate'))
    .summary('seal everything with another key')
    .description(
      'Seals every stored secret with the first key of OUTFLOW_SECRET_KEY. The keys after it are not needed from then on. Give the longer list to all servers first.',
    )
    .action(async (flags: StateFlags) => {
      const { environment } = terminal
      await withStore(
        flags,
        terminal,
        { command: 'outflow secrets rotate', existing: true },
        async (store) => {
          const stateDir = stateFolder({ stateDir: flags.state, environment }, undefined)
          const count = await rotateSecrets(store, await openSecrets({ store, environment, stateDir }))
          if (flags.json) terminal.out(JSON.stringify({ sealed: count }))
          else
            terminal.say(
              `${count} ${count === 1 ? 'secret is' : 'secrets are'} sealed with the first key now.`,
            )
        },
      )
      exit(exitCodes.done)
    })
}

const dayLength = 24 * 3600 * 1000

function parseExpiry(text: string): Date {
  const days = /^(\d{1,5})d$/.exec(text)
  const date = days ? new Date(Date.now() + Number(days[1]) * dayLength) : new Date(text)
  if (!Number.isNaN(date.getTime())) return date
  throw new InvalidArgumentError('A date such as 2027-01-31, or days from now such as 90d.')
}

const withState = (command: Command) =>
  command
    .option('--state <folder>', 'the state folder (default: .outflow, or DATABASE_URL)')
    .option('--json', 'one JSON value on stdout')

async function withStore(
  { state }: StateFlags,
  { environment, signal }: Terminal,
  choice: { readonly command: string; readonly existing: boolean },
  work: (store: Store) => Promise<void>,
): Promise<void> {
  const store = await openState({ ...choice, stateDir: state, environment }, undefined, { signal })
  try {
    await work(store)
  } finally {
    await store.close()
  }
}

const withKeys = (
  flags: StateFlags,
  terminal: Terminal,
  command: string,
  existing: boolean,
  work: (keys: Keys) => Promise<void>,
) => withStore(flags, terminal, { command, existing }, (store) => work(createKeys({ store })))

async function create(keys: Keys, flags: CreateFlags, terminal: Terminal): Promise<void> {
  const { name, workspace, scope, expires, json } = flags
  const { key, secret } = await keys.create({
    name,
    workspace,
    scopes: scopes.slice(0, scopes.indexOf(scope) + 1),
    ...(expires && { expiresAt: expires }),
  })
  terminal.out(json ? JSON.stringify({ ...key, key: secret }) : secret)
  if (!json) terminal.say(`${describe(key)}. The key is told this once: keep it.`)
}

function print(keys: readonly Key[], { json }: StateFlags, { out, say, style }: Terminal): void {
  if (json) out(JSON.stringify(keys))
  else if (keys.length === 0) say('There are no keys. "outflow keys create" makes one.')
  else for (const key of keys) out(`${key.id}  ${describe(key)}${style.dim(times(key))}`)
}

const describe = ({ name, hint, workspace, scopes: held }: Key) =>
  printable(`${hint}…  ${name} (workspace ${workspace}, ${held.join(' ')})`)

function times({ lastUsedAt, expiresAt, revokedAt }: Key): string {
  const day = (at: Date) => at.toISOString().slice(0, 10)
  const ended = revokedAt ? `revoked ${day(revokedAt)}` : expiresAt && `expires ${day(expiresAt)}`
  return `  ${[ended, lastUsedAt ? `last used ${day(lastUsedAt)}` : 'never used'].filter(Boolean).join(', ')}`
}
