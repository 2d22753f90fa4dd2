/**
 * `outflow doctor`: is this machine fit to run Outflow?
 *
 * @module
 */

import { constants } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import type { Command } from 'commander'
import { findTools } from '../../partition/find-tools.ts'
import { exitCodes } from '../exit.ts'
import type { Style, Terminal } from '../terminal.ts'

interface Finding {
  readonly name: string
  readonly fine: boolean
  readonly message: string
  readonly remedy?: string
}

export function addDoctor(program: Command, terminal: Terminal, exit: (code: number) => void): void {
  program
    .command('doctor')
    .summary('is this machine fit to run Outflow?')
    .description('Looks at Node, folders, disk, proxy and certificates. Changes nothing.')
    .option('--json', 'one finding a line on stdout')
    .action(async ({ json }: { readonly json?: boolean }) => {
      const findings = [
        node(),
        await folder(process.cwd()),
        await folder(tmpdir()),
        proxy(terminal),
        certificates(terminal),
        ...readers(terminal),
      ]
      for (const finding of findings)
        terminal.out(
          json ? JSON.stringify({ type: 'doctor.finding', ...finding }) : line(finding, terminal.style),
        )
      exit(findings.every(({ fine }) => fine) ? exitCodes.done : exitCodes.usage)
    })
}

function node(): Finding {
  return {
    name: 'Node',
    fine: true,
    message: `${process.versions.node} on ${process.platform} ${process.arch}`,
  }
}

async function folder(path: string): Promise<Finding> {
  const name = `Folder ${path}`
  try {
    await access(path, constants.W_OK)
    const { bavail, bsize } = await statfs(path)
    const freeGigabytes = (bavail * bsize) / 1e9
    const message = `writable, ${freeGigabytes.toFixed(1)} GB free`
    return freeGigabytes > 1
      ? { name, fine: true, message }
      : { name, fine: false, message, remedy: 'Free some space, or write elsewhere with --output-dir.' }
  } catch {
    return { name, fine: false, message: 'not writable', remedy: 'Write elsewhere with --output-dir.' }
  }
}

function proxy({ environment }: Terminal): Finding {
  const set = environment.CONFLUENCE_PROXY
  const ignored = environment.HTTPS_PROXY ?? environment.https_proxy
  if (set) return { name: 'Proxy', fine: true, message: 'CONFLUENCE_PROXY is set and will be used' }
  if (ignored)
    return {
      name: 'Proxy',
      fine: true,
      message: 'HTTPS_PROXY is set; Outflow uses --proxy or CONFLUENCE_PROXY instead',
    }
  return { name: 'Proxy', fine: true, message: 'none' }
}

function certificates({ environment }: Terminal): Finding {
  if (environment.NODE_TLS_REJECT_UNAUTHORIZED === '0')
    return {
      name: 'Certificates',
      fine: false,
      message: 'NODE_TLS_REJECT_UNAUTHORIZED=0 switches verification off for everything',
      remedy: 'Unset it and name your own authority with --ca-file.',
    }
  return { name: 'Certificates', fine: true, message: 'verified' }
}

/** What reads the files that Outflow cannot read by itself. Without them it runs; those files are reported. */
function readers({
  environment: { OUTFLOW_TESSDATA: named, OUTFLOW_LIBREOFFICE: program },
}: Terminal): Finding[] {
  const { tessdata, soffice } = findTools({
    ...(named && { tessdata: named }),
    ...(program && { soffice: program }),
  })
  return [
    {
      name: 'Text in pictures',
      fine: true,
      message: tessdata
        ? `read with Tesseract’s data in ${tessdata}`
        : 'not read: no language data of Tesseract was found (OUTFLOW_TESSDATA names its folder)',
    },
    {
      name: 'DOC, PPT',
      fine: true,
      message: soffice
        ? `read through ${soffice}`
        : 'unsupported: LibreOffice is not installed (OUTFLOW_LIBREOFFICE names its program)',
    },
  ]
}

/** Folders have long names; what follows them need not stand in line. */
const nameWidth = 16

function line({ name, fine, message, remedy }: Finding, style: Style): string {
  const mark = fine ? style.good('✓') : style.bad('✗')
  return `${mark} ${name.padEnd(nameWidth)} ${message}${remedy ? `\n    What to do  ${remedy}` : ''}`
}
