/**
 * Checks docker/: builds the image and runs it as an orchestrator would (another user, read-only root, one volume), with an engine where
 * there is one, else step by step (`docker/replay.ts`); and reads compose.yaml, or has the engine read it.
 *
 * @module
 */

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { composeProblems } from './docker/compose.ts'
import { execForm, lastOf, parseDockerfile, secretsIn } from './docker/dockerfile.ts'
import { canReplay, replay } from './docker/replay.ts'

const root = join(import.meta.dirname, '..')
const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8')
const image = 'outflow-check'

const stages = parseDockerfile(read('docker', 'Dockerfile'))
const last = stages.at(-1)!
const trial = read('scripts', 'docker', 'trial.sh')
const problems = [
  ...secretsIn(stages).map((line) => `a secret would be in a layer: ${line}`),
  ...(/^[1-9]\d*:[1-9]\d*$/.test(lastOf(last, 'USER') ?? '') ? [] : ['the last stage runs as root']),
  ...composeProblems(
    read('docker', 'compose.yaml'),
    new Set([...read('docs', 'operate.md').matchAll(/`([A-Z][A-Z0-9_]+)`/g)].map(([, name]) => name!)),
    new Set([...read('docker', 'secrets.sh').matchAll(/^fill (\w+)/gm)].map(([, name]) => name!)),
  ),
]

const succeeds = (command: string, args: readonly string[]) =>
  spawnSync(command, args, { stdio: 'inherit', cwd: root }).status === 0
const quietly = (command: string, args: readonly string[]) =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0

/** The same trial as without an engine; the image's own commands are handed in. */
function runByEngine(engine: string): boolean {
  const entry = [...execForm(lastOf(last, 'ENTRYPOINT')!), ...execForm(lastOf(last, 'CMD')!)]
  const words = (command: readonly string[]) =>
    command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')
  const health = words(execForm(lastOf(last, 'HEALTHCHECK')!))
  return (
    succeeds(engine, ['build', '-f', 'docker/Dockerfile', '-t', image, '.']) &&
    succeeds(engine, [
      ...['run', '--rm', '--read-only', '--tmpfs', '/tmp'],
      ...['--network', 'none', '--cap-drop', 'ALL', '-e', `START=${words(entry)}`, '-e', `HEALTH=${health}`],
      ...['--entrypoint', '/bin/bash', image, '-c', trial],
    ])
  )
}

const engine = ['docker', 'podman'].find((each) => quietly(each, ['info']))
if (engine) {
  console.log(`with ${engine}`)
  if (!runByEngine(engine)) problems.push('the image failed')
} else if (canReplay()) {
  console.log(
    'no engine here: the steps of the Dockerfile are done one by one, with this machine as base image',
  )
  const code = await replay(stages, read('docker', 'Dockerfile.dockerignore'), trial)
  if (code !== 0) problems.push('a step failed')
} else console.log('SKIPPED: neither an engine nor the right to mount; nothing was built')

for (const problem of problems) console.error(`problem: ${problem}`)
console.log(`docker: ${problems.length} problems`)
process.exitCode = problems.length === 0 ? 0 : 1
