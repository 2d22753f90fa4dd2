import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ownPrefix, sweepLeftovers } from './leftovers.ts'

it('sweeps up what processes of this machine left that are no more, and nothing else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'outflow-leftovers-'))
  const { pid: gone } = spawnSync(process.execPath, ['-e', ''])
  const kept = [`${ownPrefix('file')}a`, `other-${hostname()}-${gone}-a`, `file-elsewhere-${gone}-a`]
  for (const name of [...kept, `file-${hostname()}-${gone}-a`]) await mkdir(join(folder, name))
  await sweepLeftovers(folder, 'file')
  expect((await readdir(folder)).sort()).toEqual(kept.sort())
  await rm(folder, { recursive: true })
})
