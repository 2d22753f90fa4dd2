/**
 * Does what a Dockerfile says where there is no engine: each stage is this machine's own file system with a layer of its own over it, in
 * which the steps are done. The machine stands in for the base image; its Node is ours.
 *
 * Needs Linux, root, and the right to mount.
 *
 * @module
 */

import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { execForm, type Instruction, lastOf, type Stage } from './dockerfile.ts'

const root = join(import.meta.dirname, '..', '..')
const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

export function canReplay(): boolean {
  return spawnSync('unshare', ['--mount', '--net', 'true'], { stdio: 'ignore' }).status === 0
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

/** Runs the stages, then `trial` in the last one as its user, without a network, its root read-only. @returns the exit code */
export async function replay(stages: readonly Stage[], ignored: string, trial: string): Promise<number> {
  const script = [
    'set -eu',
    'base="$(mktemp -d)" && mount -t tmpfs -o size=6g layers "$base"',
    ...stages.flatMap((stage, index) => stageScript(stage, nameOf(stage, index), allowedBy(ignored))),
    ...finalScript(stages.at(-1)!, nameOf(stages.at(-1)!, stages.length - 1), trial),
  ].join('\n')
  const child = spawn('unshare', ['--mount', '--pid', '--fork', '--kill-child', 'bash', '-c', script], {
    stdio: 'inherit',
    cwd: root,
  })
  return new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)))
}

const nameOf = ({ name }: Stage, index: number) => name ?? `stage${index}`

/** Of a `.dockerignore` that leaves out everything but what it names. */
const allowedBy = (ignored: string) => [...ignored.matchAll(/^!(\S+)$/gm)].map(([, allowed]) => allowed!)

function stageScript({ instructions }: Stage, name: string, allowed: readonly string[]): readonly string[] {
  const lines = [
    `echo '=== stage ${name}'`,
    `here="$base/${name}" && mkdir -p "$here/up" "$here/work" "$here/root"`,
    'mount -t overlay overlay -o "lowerdir=/,upperdir=$here/up,workdir=$here/work" "$here/root"',
    'mount --bind /dev "$here/root/dev" && mount -t proc proc "$here/root/proc"',
    'mkdir -p "$here/root/usr/local/bin" && rm -f "$here/root/usr/local/bin/node" "$here/root/usr/local/bin/outflow" && touch "$here/root/usr/local/bin/node"',
    `mount --bind ${quoted(process.execPath)} "$here/root/usr/local/bin/node"`,
  ]
  let folder = '/'
  const environment: string[] = []
  for (const instruction of instructions) {
    if (instruction.name === 'WORKDIR') {
      folder = instruction.text
      lines.push(`mkdir -p "$here/root${folder}"`)
    }
    if (instruction.name === 'ENV') environment.push(instruction.text)
    if (instruction.name === 'COPY') lines.push(...copyScript(instruction, folder, allowed))
    if (instruction.name === 'RUN') {
      const set = [`PATH=${path}`, ...environment].map((each) => `export ${each};`).join(' ')
      const command = `${set} cd ${folder} && ${instruction.text}`
      lines.push(
        `echo ${quoted(`--- RUN ${instruction.text}`)}`,
        `chroot "$here/root" /bin/sh -c ${quoted(command)}`,
      )
    }
  }
  return lines
}

/** As Docker copies: what is in a folder, or files into one. */
function copyScript({ text }: Instruction, folder: string, allowed: readonly string[]): readonly string[] {
  const words = text.split(' ')
  const from = words[0]!.startsWith('--from=') ? words.shift()!.slice('--from='.length) : undefined
  const goal = words.pop()!
  const target = `"$here/root${folder}/${goal}"`
  const copies = words.flatMap((source) => {
    if (from === undefined && !allowed.includes(source))
      throw new Error(`COPY ${source}: Dockerfile.dockerignore leaves it out.`)
    const place = from === undefined ? quoted(join(root, source)) : `"$base/${from}/root${source}"`
    return [
      `if [ -d ${place} ]; then mkdir -p ${target} && cp -a ${place}/. ${target}; else cp -a ${place} ${target}; fi`,
    ]
  })
  return goal.endsWith('/') ? [`mkdir -p ${target}`, ...copies] : copies
}

/** What an engine does with the image: the volume put in place, the root closed, another user, no capabilities, nothing of our environment. */
function finalScript(stage: Stage, name: string, trial: string): readonly string[] {
  const user = lastOf(stage, 'USER') ?? '0'
  const volume = lastOf(stage, 'VOLUME')!
  const entry = [...execForm(lastOf(stage, 'ENTRYPOINT')!), ...execForm(lastOf(stage, 'CMD')!)]
  const health = execForm(lastOf(stage, 'HEALTHCHECK')!)
  const declared = stage.instructions.filter((each) => each.name === 'ENV').map((each) => each.text)
  const environment = [`PATH=${path}`, 'HOME=/data', ...declared, `START=${entry.map(quoted).join(' ')}`]
  const set = [...environment, `HEALTH=${health.map(quoted).join(' ')}`].map(quoted).join(' ')
  return [
    `echo '=== run, as ${user}'`,
    `here="$base/${name}"`,
    `owner="$(stat -c %u:%g "$here/root${volume}")" mode="$(stat -c %a "$here/root${volume}")"`,
    'mount -o remount,ro "$here/root"',
    `mount -t tmpfs -o mode="$mode",uid="\${owner%:*}",gid="\${owner#*:}" data "$here/root${volume}"`,
    `cp -a "$here/up${volume}/." "$here/root${volume}"`,
    'mount -t tmpfs -o mode=1777 tmp "$here/root/tmp"',
    `exec unshare --net bash -c ${quoted(
      `ip link set lo up; exec setpriv --bounding-set=-all,+setuid,+setgid,+sys_chroot chroot --userspec=${user} "$0" env -i ${set} /bin/bash -c ${quoted(
        `cd ${lastOf(stage, 'WORKDIR')}; ${trial}`,
      )}`,
    )} "$here/root"`,
  ]
}
