/**
 * Where programs and data that do not come with Outflow usually are on a machine.
 *
 * @module
 */

import { existsSync, readdirSync } from 'node:fs'
import type { Tools } from './read.ts'

/** Of Debian and its kin (packages `tesseract-ocr-…`), Fedora, Homebrew. */
const tessdataFolders = [
  '/usr/share/tesseract-ocr/5/tessdata',
  '/usr/share/tesseract-ocr/4.00/tessdata',
  '/usr/share/tessdata',
  '/usr/share/tesseract/tessdata',
  '/opt/homebrew/share/tessdata',
]

const officePrograms = [
  '/usr/bin/soffice',
  '/usr/lib/libreoffice/program/soffice',
  '/opt/libreoffice/program/soffice',
  '/Applications/LibreOffice.app/Contents/MacOS/soffice',
  'C:\\Program Files\\LibreOffice\\program\\soffice.exe',
]

/** What was named, else what is found. A folder that was named is taken at its word; what it lacks is told when it is needed. */
export function findTools(given: Tools): Tools {
  const tessdata = given.tessdata ?? tessdataFolders.find(holdsLanguages)
  const soffice = given.soffice ?? officePrograms.find((path) => existsSync(path))
  return { ...(tessdata !== undefined && { tessdata }), ...(soffice !== undefined && { soffice }) }
}

function holdsLanguages(folder: string): boolean {
  return (
    existsSync(folder) && readdirSync(folder).some((name) => /^[a-z]{3}.*\.traineddata(?:\.gz)?$/.test(name))
  )
}
