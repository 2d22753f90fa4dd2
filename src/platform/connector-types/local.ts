/**
 * The API's destination type `local`: files in a folder of the server, below the one that its operator names for output.
 *
 * @module
 */

import { lstat, realpath } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { OutflowError } from '../../model/errors.ts'
import { loadPlugin } from '../../registry.ts'
import { defaultWorkspace } from '../keys.ts'
import type { ConnectorType, ServerPlaces } from './connector-type.ts'

export const local: ConnectorType = {
  name: 'local',
  role: 'destination',
  plugin: 'files',
  load: async () => (await loadPlugin('destination', 'files')).definition,
  closed: {},
  aims: [],
  shown: { output_dir: '', format: 'json' },
  translate: (settings) => ({ settings }),
  async settle(settings, places) {
    return { ...settings, output_dir: await folderBelow(String(settings.output_dir), places) }
  },
}

/** Below the root, for the output of workspaces that are not the default one. */
const ofOthers = 'workspaces'

/**
 * The folder that is meant, whatever links lead to it. A workspace writes nowhere where another one might.
 *
 * @throws {OutflowError} `config`: it is outside, or there is no root
 */
async function folderBelow(folder: string, { outputRoot, workspace }: ServerPlaces): Promise<string> {
  if (outputRoot === undefined) throw refused('this server has no folder for output (OUTFLOW_OUTPUT_ROOT)')
  if (folder.includes('\0')) throw refused('no folder is called so')
  const root = await real(resolve(outputRoot))
  const isDefault = workspace === defaultWorkspace
  const own = isDefault ? root : join(root, ofOthers, workspace)
  // The root may have been given through a link, and so may this.
  const wanted = await real(resolve(own, folder))
  const within = isBelow(own, wanted) && !(isDefault && isWithin(join(root, ofOthers), wanted))
  if (!within) throw refused('it leads out of the folder for output')
  return wanted
}

/** The path without links, as far as it exists. */
async function real(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (thrown) {
    if (codeOf(thrown) !== 'ENOENT' || dirname(path) === path) throw unusable(thrown)
    if (await isThere(path)) throw refused('it is a link that leads nowhere')
    return join(await real(dirname(path)), basename(path))
  }
}

const isThere = (path: string) =>
  lstat(path).then(
    () => true,
    () => false,
  )

const isWithin = (folder: string, path: string) => path === folder || path.startsWith(folder + sep)
const isBelow = (folder: string, path: string) => isWithin(folder, path) && relative(folder, path) !== ''

const codeOf = (thrown: unknown) => (thrown instanceof Error && 'code' in thrown ? thrown.code : undefined)

/** A name that is too long, links in a circle, a folder that is closed to this user. */
function unusable(thrown: unknown): unknown {
  const code = codeOf(thrown)
  return typeof code === 'string' ? refused(`the path cannot be used (${code})`) : thrown
}

function refused(why: string): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'connector.folder_refused',
    message: `Nothing can be written to this folder: ${why}.`,
    fix: 'Name a folder below the one that the server has for output, such as "wiki".',
    fields: [{ field: 'config.output_dir', message: why }],
  })
}
