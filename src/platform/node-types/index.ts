/**
 * Every type of node that the contract knows. One that becomes built gets its `open`, and nothing else changes.
 *
 * @module
 */

import { chunkTypes } from './chunk.ts'
import { embedTypes } from './embed.ts'
import { extractTypes } from './extract.ts'
import type { NodeType } from './node-type.ts'
import { partitionTypes } from './partition.ts'
import { prompterTypes } from './prompter.ts'

export const nodeTypes: readonly NodeType[] = [
  ...partitionTypes,
  ...prompterTypes,
  ...chunkTypes,
  ...embedTypes,
  ...extractTypes,
]
