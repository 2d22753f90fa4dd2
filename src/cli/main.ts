/**
 * The command line: arguments in, exit code out. Reads the environment once and hands it on.
 *
 * @module
 */

import { Command, CommanderError } from 'commander'
import { asOutflowError } from '../model/errors.ts'
import { addCheck } from './commands/check.ts'
import { addDb } from './commands/db.ts'
import { addDemo } from './commands/demo.ts'
import { addDoctor } from './commands/doctor.ts'
import { addExplain } from './commands/explain.ts'
import { addInspect } from './commands/inspect.ts'
import { addKeys } from './commands/keys.ts'
import { addPartition } from './commands/partition.ts'
import { addRetry, addRun } from './commands/run.ts'
import { addSandbox } from './commands/sandbox.ts'
import { addServe, addWork } from './commands/serve.ts'
import { exitCodeOfError, exitCodes } from './exit.ts'
import { helpLayout } from './help.ts'
import { chooseStyle, printable, type Terminal } from './terminal.ts'

/** Runs one command. @returns the exit code; see docs/command-line.md */
export async function main(args: readonly string[]): Promise<number> {
  const stop = new AbortController()
  const release = stopOnSignals(stop)
  stopUnheard(stop)
  const terminal = processTerminal(stop.signal)
  let exitCode: number = exitCodes.done
  try {
    const program = await createProgram(terminal, (code) => {
      exitCode = code
    })
    await program.parseAsync([...args], { from: 'user' })
    return exitCode
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? exitCodes.done : exitCodes.usage
    if (stop.signal.aborted) {
      terminal.say('Stopped before anything was begun.')
      return exitCodes.interrupted
    }
    return explain(thrown, terminal)
  } finally {
    release()
  }
}

async function createProgram(terminal: Terminal, exit: (code: number) => void): Promise<Command> {
  const program = new Command('outflow')
    .description(
      'Turns what a team wrote in Confluence into AI-ready elements, each carrying who may read it.',
    )
    .version('0.1.0')
    .exitOverride()
    .showHelpAfterError('(add --help for all options)')
    .configureHelp(helpLayout)
  addDemo(program, terminal, exit)
  await addCheck(program, terminal, exit)
  await addRun(program, terminal, exit)
  await addRetry(program, terminal, exit)
  addExplain(program, terminal, exit)
  await addInspect(program, terminal, exit)
  await addPartition(program, terminal, exit)
  addServe(program, terminal, exit)
  addWork(program, terminal, exit)
  addDb(program, terminal, exit)
  addKeys(program, terminal, exit)
  addSandbox(program, terminal, exit)
  addDoctor(program, terminal, exit)
  return program
}

function explain(thrown: unknown, terminal: Terminal): number {
  const error = asOutflowError(thrown)
  terminal.say(terminal.style.bad(printable(error.message)))
  if (error.fix) terminal.say(printable(error.fix))
  terminal.say(terminal.style.dim(error.code))
  if (error.kind === 'bug' && thrown instanceof Error && thrown.stack)
    terminal.say(terminal.style.dim(thrown.stack))
  return exitCodeOfError(error.kind)
}

/** The first signal stops in good order; a second one at once. */
function stopOnSignals(stop: AbortController): () => void {
  const onSignal = () => {
    if (stop.signal.aborted) process.exit(exitCodes.interrupted)
    stop.abort(new Error('Stopped by a signal.'))
  }
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  return () => process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
}

/** When the reader of our output leaves, as `| head` does, a run ends in good order, as after a first Ctrl-C. */
function stopUnheard(stop: AbortController): void {
  const onError = (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    stop.abort(new Error('Nobody reads the output any more.'))
  }
  process.stdout.on('error', onError)
  process.stderr.on('error', onError)
}

function processTerminal(signal: AbortSignal): Terminal {
  const live = process.stderr.isTTY === true && process.env.TERM !== 'dumb'
  return {
    out: (line) => process.stdout.write(`${line}\n`),
    say: (line) => process.stderr.write(`${line}\n`),
    status: createStatus(process.stderr),
    live,
    style: chooseStyle(process.env, live && process.stdout.isTTY === true),
    environment: process.env,
    signal,
  }
}

/** Lines that are written over each time: up to where they began, everything below cleared, written anew. */
function createStatus(terminal: NodeJS.WriteStream): Terminal['status'] {
  let shown = 0
  return (lines) => {
    const width = (terminal.columns || 80) - 1
    const back = shown > 0 ? `\u001b[${shown}A\r\u001b[J` : ''
    terminal.write(back + lines.map((line) => `${line.slice(0, width)}\n`).join(''))
    shown = lines.length
  }
}
