/**
 * `npm run bench -- NAME [options]`: runs one benchmark of this folder and prints what it measured, a JSON line last.
 *
 * @module
 */

import { readdirSync } from 'node:fs'

/** What every benchmark exports by default. The figures it returns are ratios against a stated limit or peer wherever they can be. */
type Benchmark = (args: string[]) => Promise<Record<string, unknown>>

const helpers = ['main', 'options', 'child', 'measure-run', 'measure-file', 'sandbox-process']
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length))
  .filter((name) => !helpers.includes(name))

const [name, ...args] = process.argv.slice(2)
if (name === undefined || !names.includes(name)) {
  console.error(`Usage: npm run bench -- NAME [options]\nBenchmarks: ${names.join(', ')}`)
  process.exitCode = 2
} else {
  const { default: benchmark } = (await import(`./${name}.ts`)) as { default: Benchmark }
  console.log(JSON.stringify({ bench: name, ...(await benchmark(args)) }))
}
