import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openStore } from '../../src/store/index.ts'
import { type Holder, holderName, lockFolder } from '../../src/store/lock.ts'
import { start } from './children.ts'
import { newPath, usedState } from './folders.ts'

const locker = new URL('./locker.ts', import.meta.url)

async function newFolder(): Promise<string> {
  const folder = await newPath()
  await mkdir(folder)
  return folder
}

/** A process that holds the lock. */
async function holding(folder: string) {
  const child = start(locker, folder)
  await child.line()
  child.tell('go')
  expect(await child.line()).toBe('mine')
  return child
}

describe('the lock of a state folder', () => {
  it('goes to one of twenty that want it at once, and the others learn which', async () => {
    const folder = await newFolder()
    const children = Array.from({ length: 20 }, () => start(locker, folder))
    for (const child of children) expect(await child.line()).toBe('ready')
    for (const child of children) child.tell('go')
    const answers = await Promise.all(children.map((child) => child.line()))
    const winners = children.filter((_, at) => answers[at] === 'mine')
    expect(winners).toHaveLength(1)
    expect(answers.filter((answer) => answer === `refused by ${winners[0]!.pid}`)).toHaveLength(19)
  })

  it('is free again when its holder was killed', async () => {
    const folder = await newFolder()
    const child = await holding(folder)
    expect(await lockFolder(folder, 'outflow run')).toMatchObject({ holder: { pid: child.pid } })
    await child.kill()
    const answer = await lockFolder(folder, 'outflow run')
    if (!('lock' in answer)) throw new Error('not free')
    answer.lock.release()
  })

  it('leaves nothing behind but itself', async () => {
    const folder = await newFolder()
    const answer = await lockFolder(folder, 'outflow run')
    if ('lock' in answer) answer.lock.release()
    expect(await readdir(folder)).toEqual(['outflow.lock'])
  })

  it('is not named after one who is gone', async () => {
    const folder = await newFolder()
    await using _ = { [Symbol.asyncDispose]: (await holding(folder)).kill }
    const gone = start(locker, folder)
    await gone.kill()
    const stale: Holder = { pid: gone.pid, host: hostname(), since: '2026-01-01T00:00:00Z', command: 'old' }
    await writeFile(join(folder, holderName), JSON.stringify(stale))
    expect(await lockFolder(folder, 'outflow run')).toEqual({ holder: undefined })
    await writeFile(join(folder, holderName), '{"pid":')
    expect(await lockFolder(folder, 'outflow run')).toEqual({ holder: undefined })
  })

  it('keeps back no warning of anybody else', () => {
    expect(process.emitWarning.name).toBe('emitWarning')
  })
})

describe('a state folder in use', () => {
  it('by another process is refused, and who uses it is named', async () => {
    const stateDir = await usedState()
    const child = await holding(stateDir)
    await expect(openStore({ stateDir })).rejects.toMatchObject({
      kind: 'config',
      code: 'state.in_use',
      message: expect.stringMatching(
        `${stateDir} is in use by outflow run confluence \\(process ${child.pid} on ${hostname()}, since \\d{4}-`,
      ),
    })
    await child.kill()
    await (await openStore({ stateDir })).close()
  })

  it('by this process is refused as well, and the first goes on', async () => {
    const stateDir = await usedState()
    await using store = await openStore({ stateDir }, { command: 'outflow serve' })
    await expect(openStore({ stateDir })).rejects.toThrow(`outflow serve (process ${process.pid}`)
    expect(await store.ledger.lastJob('wiki')).toBeUndefined()
    const child = start(locker, stateDir)
    await child.line()
    child.tell('go')
    expect(await child.line()).toBe(`refused by ${process.pid}`)
  })
})
