import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { lookup } from 'node:dns'
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { generateSecret } from '../../src/platform/webhook-secrets.ts'
import { post } from '../../src/platform/webhooks.ts'
import { serve } from '../support/loopback.ts'

const root = join(import.meta.dirname, '..', '..')
const page = await readFile(join(root, 'docs', 'notifications.md'), 'utf8')
const hasPython = spawnsPython()

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outflow-receivers-'))
  // The package that one of them imports.
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe.each([
  ['receiver.ts', process.execPath],
  ['receiver.py', 'python3'],
])('the %s of the guide to notifications', (name, program) => {
  it.skipIf(program === 'python3' && !hasPython)(
    'takes what is signed for it, and nothing else',
    async () => {
      const [secret, port] = [generateSecret(), await freePort()]
      await writeFile(join(folder, name), codeOf(name))
      const receiver = spawn(program, [join(folder, name)], {
        env: { PATH: process.env.PATH, OUTFLOW_WEBHOOK_SECRET: secret, PORT: String(port) },
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      const said = text(receiver.stdout)
      try {
        await listening(port)
        const body = JSON.stringify({ type: 'job.completed', job: { job_id: 'job 1, Zürich' } })
        const send = (current: string, before: readonly string[] = []) => {
          const until = Date.now() + 60_000
          const secrets = { current, before: before.map((each) => ({ secret: each, until })) }
          const delivery = { url: `http://127.0.0.1:${port}/`, secrets, id: 'n1', body }
          return post(delivery, lookup, AbortSignal.timeout(10_000))
        }
        expect(await send(secret)).toBe('delivered')
        expect(await send(generateSecret(), [secret])).toBe('delivered')
        await expect(send(generateSecret())).rejects.toMatchObject({
          code: 'webhook.rejected',
          message: expect.stringContaining('401'),
        })
      } finally {
        await ended(receiver)
      }
      expect(await said).toBe('job.completed job 1, Zürich\n'.repeat(2))
    },
  )
})

function codeOf(name: string): string {
  const [, code] = new RegExp(`<!-- ${name} -->\\n\`\`\`\\w+\\n([\\s\\S]*?)\`\`\``).exec(page)!
  return code!
}

function spawnsPython(): boolean {
  try {
    execFileSync('python3', ['-c', 'import sys; assert sys.version_info >= (3, 9)'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

async function freePort(): Promise<number> {
  await using probe = await serve(() => {})
  return Number(new URL(probe.origin).port)
}

const listening = (port: number) =>
  vi.waitFor(
    () =>
      new Promise<void>((resolve, reject) => {
        const socket = connect(port, '127.0.0.1', () => {
          socket.destroy()
          resolve()
        })
        socket.on('error', reject)
      }),
    { timeout: 15_000, interval: 100 },
  )

function ended(child: ChildProcess): Promise<unknown> {
  const end = new Promise((resolve) => child.on('exit', resolve))
  child.kill()
  return child.exitCode === null && child.signalCode === null ? end : Promise.resolve()
}
