/**
 * `outflow check`: can this account read what a run needs? Named probes, each red one with what to do and who can.
 *
 * @module
 */

import type { Command } from 'commander'
import { type ProbeReport, runChecks } from '../../platform/check.ts'
import { openSource } from '../../platform/workflow.ts'
import { loadPlugin } from '../../registry.ts'
import { exitCodeOfError, exitCodes } from '../exit.ts'
import { addFlags, givenFlags } from '../flags.ts'
import { printable, type Style, type Terminal } from '../terminal.ts'

export async function addCheck(
  program: Command,
  terminal: Terminal,
  exit: (code: number) => void,
): Promise<void> {
  const factory = await loadPlugin('source', 'confluence')
  const command = program
    .command('check')
    .summary('test a connection')
    .description('Probes everything that a run would use. Reads a little, changes nothing.')
    .argument('<source>', 'the source to check: confluence')
    .option('--json', 'one probe a line on stdout')
  addFlags(command, factory.definition.title, factory.definition.settings)
  command.action(async (type: string, options: Record<string, unknown>) => {
    const flags = givenFlags(factory.definition.settings, options)
    const source = await openSource({ type }, terminal.environment, flags)
    let exitCode: number = exitCodes.done
    let red = 0
    try {
      for await (const report of runChecks(source.checks(), terminal.signal)) {
        if (exitCode === exitCodes.done) exitCode = exitCodeOf(report)
        if (report.verdict === 'failed') red++
        if (options.json) terminal.out(JSON.stringify({ type: 'check.probe', ...report }))
        else for (const line of describeProbe(report, terminal.style)) terminal.out(line)
      }
    } finally {
      await source.close()
    }
    if (!options.json) terminal.say(conclusion(exitCode, red))
    exit(exitCode)
  })
}

/** A red probe that a run cannot do without decides, by the kind of error behind it. */
function exitCodeOf({ verdict, required, kind }: ProbeReport): number {
  if (verdict !== 'failed' || !required) return exitCodes.done
  return kind === undefined ? exitCodes.refused : exitCodeOfError(kind)
}

function conclusion(exitCode: number, red: number): string {
  if (exitCode !== exitCodes.done) return 'A run would not get through: see ✗.'
  if (red > 0) return 'A run gets through, with the shortcomings marked ✗.'
  return 'Ready. Next: outflow run confluence --output-dir ./wiki, with the same settings.'
}

const marks = { passed: '✓', failed: '✗', unclear: '?', skipped: '-' } as const

function describeProbe(report: ProbeReport, style: Style): readonly string[] {
  const { verdict, title, message, meaning, remedy, who, seconds } = report
  const colour = verdict === 'passed' ? style.good : verdict === 'failed' ? style.bad : style.dim
  return [
    `${colour(marks[verdict])} ${title.padEnd(28)} ${printable(message)} ${style.dim(`${seconds.toFixed(1)} s`)}`,
    ...(meaning ? [`    What it means  ${meaning}`] : []),
    ...(remedy ? [`    What to do     ${remedy}`] : []),
    ...(who ? [`    Who can        ${who}`] : []),
  ]
}
