/**
 * A real PostgreSQL server for tests: made in a temporary folder, on loopback, gone when the test file is.
 *
 * @module
 */

import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { accessSync, constants, readdirSync } from 'node:fs'
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Client } from 'pg'

export interface PostgresServer {
  /** Of the superuser, to the database that a server is born with. */
  readonly url: string
  readonly host: string
  readonly port: number
  readonly database: string
  readonly username: string
  readonly password: string
  /** Makes an empty database, and gives its URL. */
  newDatabase(): Promise<string>
  /** Ends it and starts it again, with the same data at the same address. `SIGINT`: whoever is connected is thrown out. `SIGKILL`: it dies. */
  restart(signal: 'SIGINT' | 'SIGKILL'): Promise<void>
  stop(): Promise<void>
}

/** What to write into the name of a suite that needs the server and has none: skipped, and never in silence. */
export const noPostgres = '(SKIPPED: PostgreSQL is not installed on this machine)'

/**
 * Starts a server of the newest PostgreSQL that is installed. Call it in `beforeAll`, or at the top of a test file with `await`.
 *
 * @returns `undefined` when none is installed
 * @throws when none is installed and `OUTFLOW_TEST_POSTGRES=required` says that there has to be one
 */
export async function startPostgres(): Promise<PostgresServer | undefined> {
  const programs = installed()
  if (programs === undefined) {
    if (process.env.OUTFLOW_TEST_POSTGRES === 'required') throw new Error('PostgreSQL is not installed.')
    return undefined
  }
  const folder = await mkdtemp(join(tmpdir(), 'outflow-pg-'))
  const password = randomBytes(12).toString('hex')
  const account = unprivileged()
  const options = { cwd: folder, ...account }
  try {
    if (account) await chown(folder, account.uid, account.gid)
    await makeCluster(join(programs, 'initdb'), folder, password, options)
    const port = await freePort()
    const launch = async () => {
      const server = spawn(join(programs, 'postgres'), serverArguments(folder, port), {
        ...options,
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      await ready(server)
      return server
    }
    return running(await launch(), { folder, port, password, launch })
  } catch (thrown) {
    await rm(folder, { recursive: true, force: true })
    throw thrown
  }
}

interface Cluster {
  readonly folder: string
  readonly port: number
  readonly password: string
  readonly launch: () => Promise<ChildProcess>
}

function running(first: ChildProcess, { folder, port, password, launch }: Cluster): PostgresServer {
  let server = first
  const kill = () => server.kill('SIGQUIT')
  process.once('exit', kill)
  const urlOf = (database: string) => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`
  let databases = 0
  return {
    url: urlOf('postgres'),
    host: '127.0.0.1',
    port,
    database: 'postgres',
    username: 'postgres',
    password,
    async newDatabase() {
      const name = `test_${++databases}`
      const client = new Client({ connectionString: urlOf('postgres') })
      await client.connect()
      try {
        await client.query(`create database ${name}`)
      } finally {
        await client.end()
      }
      return urlOf(name)
    },
    async restart(signal) {
      server.kill(signal)
      await once(server, 'exit')
      server = await patiently(launch)
    },
    async stop() {
      process.off('exit', kill)
      if (server.exitCode === null && server.signalCode === null) {
        // Whoever is still connected is thrown out.
        server.kill('SIGINT')
        await once(server, 'exit')
      }
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Of a server that was killed, some processes live on for a moment, and hold what the next one needs. */
async function patiently(launch: () => Promise<ChildProcess>): Promise<ChildProcess> {
  for (let tries = 1; ; tries++)
    try {
      return await launch()
    } catch (thrown) {
      if (tries === 50) throw thrown
      await pause(100)
    }
}

/** Folder of the newest programs: where Debian keeps them by version, or somewhere in the PATH. */
function installed(): string | undefined {
  const debian = '/usr/lib/postgresql'
  const versions = list(debian).sort((a, b) => Number(b) - Number(a))
  const folders = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ]
  return folders.find((folder) => ['initdb', 'postgres'].every((name) => isProgram(join(folder, name))))
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** PostgreSQL refuses to run as root. */
function unprivileged(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const idOf = (flag: string, user: string) =>
    Number(execFileSync('id', [flag, user], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
  for (const user of ['postgres', 'nobody'])
    try {
      return { uid: idOf('-u', user), gid: idOf('-g', user) }
    } catch {
      // There is no such user here.
    }
  throw new Error('PostgreSQL does not run as root, and there is neither a user postgres nor nobody.')
}

async function makeCluster(
  initdb: string,
  folder: string,
  password: string,
  options: { readonly cwd: string; readonly uid?: number; readonly gid?: number },
): Promise<void> {
  const passwordFile = join(folder, 'password')
  await writeFile(passwordFile, password)
  const [data, login] = [join(folder, 'data'), ['--username=postgres', '--auth=scram-sha-256']]
  const speed = ['--no-sync', '--encoding=UTF8', '--locale=C']
  await promisify(execFile)(
    initdb,
    ['-D', data, ...login, `--pwfile=${passwordFile}`, ...speed, '--no-instructions'],
    options,
  )
  await rm(passwordFile)
}

function serverArguments(folder: string, port: number): string[] {
  const settings = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    lc_messages: 'C',
    // Only a power cut would tell the difference, and no test outlives one.
    fsync: 'off',
    full_page_writes: 'off',
  }
  const pairs = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return ['-D', join(folder, 'data'), ...pairs]
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('No port was given.')
  return address.port
}

/** @throws when the server ends instead, with what it said */
async function ready(server: ChildProcess): Promise<void> {
  const said: string[] = []
  for await (const line of createInterface({ input: server.stderr! })) {
    said.push(line)
    if (!line.includes('ready to accept connections')) continue
    // Nobody reads on, and a full pipe would stop the server.
    server.stderr!.resume()
    return
  }
  throw new Error(`PostgreSQL did not start:\n${said.join('\n')}`)
}
