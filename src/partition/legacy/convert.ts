/**
 * Has LibreOffice turn one kind of file into another: in a folder of its own, with settings of its own, for a limited time, without macros
 * and without a way to the network.
 *
 * @module
 */

import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { CallContext } from '../../model/call.ts'

export interface Conversion extends CallContext {
  /** LibreOffice's program. */
  readonly soffice: string
  /** Endings of what is given and what is wanted: `doc`, `docx`. */
  readonly older: string
  readonly newer: string
}

/** Of which its own start takes some seconds. */
const mostMilliseconds = 120_000

/** What a document refers to stays where it is, and what it would run does not run. */
const settings: readonly (readonly [path: string, name: string, value: string])[] = [
  ['/org.openoffice.Office.Common/Security/Scripting', 'BlockUntrustedRefererLinks', 'true'],
  ['/org.openoffice.Office.Common/Security/Scripting', 'DisableMacrosExecution', 'true'],
  ['/org.openoffice.Inet/Settings', 'ooInetProxyType', '2'],
  ['/org.openoffice.Inet/Settings', 'ooInetHTTPProxyName', '127.0.0.1'],
  ['/org.openoffice.Inet/Settings', 'ooInetHTTPProxyPort', '9'],
  ['/org.openoffice.Inet/Settings', 'ooInetHTTPSProxyName', '127.0.0.1'],
  ['/org.openoffice.Inet/Settings', 'ooInetHTTPSProxyPort', '9'],
]

/** The new file; undefined when LibreOffice makes none of it in its time. */
export async function convert(
  bytes: Uint8Array,
  { soffice, older, newer, signal }: Conversion,
): Promise<Uint8Array | undefined> {
  signal.throwIfAborted()
  const folder = await mkdtemp(join(tmpdir(), 'outflow-office-'))
  try {
    await writeFile(join(folder, `file.${older}`), bytes)
    await mkdir(join(folder, 'profile', 'user'), { recursive: true })
    await writeFile(join(folder, 'profile', 'user', 'registrymodifications.xcu'), settingsFile())
    await run(soffice, argumentsOf(folder, older, newer), { folder, signal })
    signal.throwIfAborted()
    return await readFile(join(folder, `file.${newer}`)).catch(() => undefined)
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

function argumentsOf(folder: string, older: string, newer: string): string[] {
  const profile = pathToFileURL(join(folder, 'profile')).href
  return [
    ...[`-env:UserInstallation=${profile}`, '--headless', '--norestore', '--nologo', '--nolockcheck'],
    ...['--convert-to', newer, '--outdir', folder, join(folder, `file.${older}`)],
  ]
}

function settingsFile(): string {
  const items = settings.map(
    ([path, name, value]) =>
      `<item oor:path="${path}"><prop oor:name="${name}" oor:op="fuse"><value>${value}</value></prop></item>`,
  )
  return `<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">${items.join('')}</oor:items>`
}

/** The program starts others, so all of its group end with it. */
function run(
  soffice: string,
  given: readonly string[],
  { folder, signal }: { folder: string } & CallContext,
): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(soffice, given, {
      ...{ cwd: folder, detached: true, stdio: 'ignore' },
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: folder, TMPDIR: folder },
    })
    const end = () => {
      if (child.pid === undefined) return
      try {
        process.kill(-child.pid, 'SIGKILL')
      } catch {
        // It has ended by itself.
      }
    }
    const timer = setTimeout(end, mostMilliseconds)
    signal.addEventListener('abort', end, { once: true })
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      end()
      resolve()
    }
    child.once('error', done)
    child.once('exit', done)
  })
}
