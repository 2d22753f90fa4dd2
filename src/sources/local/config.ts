/**
 * The settings of the folder source.
 *
 * @module
 */

import { z } from 'zod'
import { setting } from '../../kit/define.ts'
import { fileSelectionSettings } from '../../kit/file-selection.ts'

const ids = (what: string) =>
  setting(z.array(z.string()).default([]), {
    description: `Ids of the ${what} who may read the files, for permissions_data. A folder says nothing about that, so nobody may when both are left out.`,
    example: what,
  })

export const settings = z.strictObject({
  path: setting(z.string().min(1, 'the folder is missing'), {
    description: 'The folder to read, with all folders below it; or a single file.',
    env: 'OUTFLOW_LOCAL_PATH',
    example: './documents',
  }),
  recursive: setting(z.boolean().default(true), { description: 'Read the folders below it, too.' }),
  ...fileSelectionSettings((name) => `OUTFLOW_LOCAL_${name}`),
  users: ids('users'),
  groups: ids('groups'),
})

export type LocalSettings = z.output<typeof settings>
