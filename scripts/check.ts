/** Every check that needs no test: types, format, lint, structure, dead code. Runs all of them, then fails if one did. */
import { spawnSync } from 'node:child_process'

const checks: readonly (readonly [string, readonly string[]])[] = [
  ['tsc', ['--noEmit']],
  ['biome', ['check', '--error-on-warnings', '.']],
  ['oxlint', ['--type-aware', '--deny-warnings']],
  ['node', ['scripts/check-structure.ts']],
  ['node', ['scripts/generate-docs.ts', '--check']],
  ['knip', ['--no-progress']],
]

const failed = checks.filter(([command, args]) => {
  console.log(`> ${command} ${args.join(' ')}`)
  return spawnSync(command, args, { stdio: 'inherit' }).status !== 0
})
for (const [command, args] of failed) console.error(`failed: ${command} ${args.join(' ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
