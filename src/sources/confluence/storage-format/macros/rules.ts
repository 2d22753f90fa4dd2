/**
 * Which rule renders which macro.
 *
 * @module
 */

import type { Macro, MacroRule } from '../renderer.ts'
import { bodyMacros } from './body.ts'
import { codeMacros } from './code.ts'
import { diagramMacros } from './diagrams.ts'
import { fileMacros } from './files.ts'
import { formulaMacros } from './formulas.ts'
import { includeMacros } from './includes.ts'
import { inlineMacros } from './inline.ts'
import { listMacros } from './lists.ts'
import { panelMacros } from './panels.ts'
import { propertyMacros } from './properties.ts'
import { proseMacros } from './prose.ts'
import { mayPointElsewhere, serverMacros, soundsLikeOtherPages, unknownMacro } from './server.ts'
import { silentMacros } from './silent.ts'

const rules: ReadonlyMap<string, MacroRule> = new Map(
  [
    bodyMacros,
    codeMacros,
    diagramMacros,
    fileMacros,
    formulaMacros,
    includeMacros,
    inlineMacros,
    listMacros,
    panelMacros,
    propertyMacros,
    proseMacros,
    serverMacros,
    silentMacros,
  ].flatMap((family) => Object.entries(family)),
)

/** The rule for a macro by its name, in any case of letters. */
export function ruleFor(macroName: string): MacroRule {
  return rules.get(macroName.toLowerCase()) ?? unknownMacro
}

/** Whether the server's rendering of a macro may show what other pages hold, as far as its name tells. */
export function showsOtherPages(macroName: string): boolean {
  const rule = rules.get(macroName.toLowerCase())
  return rule ? rule.showsOtherPages === true : soundsLikeOtherPages(macroName)
}

/** The same of one macro, as far as its name and what it was told do. */
export function macroShowsOtherPages(macro: Macro): boolean {
  const name = macro.name.toLowerCase()
  if (rules.has(name) && !Object.hasOwn(serverMacros, name)) return showsOtherPages(name)
  return mayPointElsewhere(macro)
}
