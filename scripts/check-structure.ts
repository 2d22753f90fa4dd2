/**
 * The direction rule of the house: a file imports only from folders below its own, sibling folders never import one another, and no
 * file is part of an import circle, type imports counted.
 *
 * @module
 */

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

/** Top to bottom. Folders on one line are siblings. A file directly in src/ counts as the folder of its own name. */
const floors: readonly (readonly string[])[] = [
  ['cli'],
  ['server', 'worker', 'mcp'],
  ['platform'],
  ['registry', 'index'],
  ['sources', 'partition', 'enrich', 'chunk', 'embed', 'destinations', 'store', 'sandbox'],
  ['pipeline'],
  ['kit'],
  ['model'],
  ['util'],
]

const root = resolve(import.meta.dirname, '..', 'src')

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
}

function importsOf(file: string): string[] {
  const specifiers = readFileSync(file, 'utf8').matchAll(
    /^\s*(?:import|export)\b[^'"]*?from\s+['"](\.[^'"]+)['"]|\bimport\(\s*['"](\.[^'"]+)['"]\s*\)/gm,
  )
  return [...specifiers].map(([, fixed, lazy]) => resolve(dirname(file), (fixed ?? lazy)!))
}

function roomOf(file: string): string {
  const path = relative(root, file)
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : path.replace(/\.ts$/, '')
}

const floorOf = (room: string) => floors.findIndex((rooms) => rooms.includes(room))

function directionProblems(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const problems: string[] = []
  for (const [file, imports] of graph) {
    const room = roomOf(file)
    if (floorOf(room) < 0)
      problems.push(`${relative(root, file)}: folder "${room}" has no floor in check-structure.ts`)
    for (const imported of imports) {
      const target = roomOf(imported)
      if (target !== room && floorOf(target) <= floorOf(room))
        problems.push(
          `${relative(root, file)} imports ${relative(root, imported)}: "${target}" is not below "${room}"`,
        )
    }
  }
  return problems
}

function circles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const state = new Map<string, 'open' | 'done'>()
  const found: string[] = []
  const visit = (file: string, path: readonly string[]) => {
    if (state.get(file) === 'done') return
    if (state.get(file) === 'open') {
      const circle = [...path.slice(path.indexOf(file)), file]
      found.push(`circle: ${circle.map((each) => relative(root, each)).join(' -> ')}`)
      return
    }
    state.set(file, 'open')
    for (const imported of graph.get(file) ?? []) visit(imported, [...path, file])
    state.set(file, 'done')
  }
  for (const file of graph.keys()) visit(file, [])
  return found
}

const graph = new Map(sourceFiles(root).map((file) => [file, importsOf(file)] as const))
const problems = [...directionProblems(graph), ...circles(graph)]
for (const problem of problems) console.error(problem)
console.log(`structure: ${graph.size} files, ${problems.length} problems`)
process.exitCode = problems.length === 0 ? 0 : 1
