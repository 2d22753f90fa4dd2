/**
 * Small things in the midst of a sentence: status, people, Jira issues.
 *
 * @module
 */

import { resourceWithin, targetOf } from '../elements/resources.ts'
import type { Macro, MacroRule } from '../renderer.ts'
import { renderFragment } from '../view.ts'

const status: MacroRule = {
  render(macro, { out }) {
    const colour = (macro.text('colour') || macro.text('color') || 'grey').toLowerCase()
    const title = macro.text('title')
    if (title !== '') out.phrase('span', { 'data-status': colour }, title)
  },
}

/** A person: the name, as in a mention. */
const profile: MacroRule = {
  render(macro, renderer) {
    const user = resourceWithin(macro.parameter('user'))
    if (!user) return renderer.lose('unsupported_macro', macro.name)
    const { label, href, hints } = targetOf(user, renderer)
    renderer.out.phrase('a', { ...(href !== undefined && { href }), ...hints }, label)
  },
}

/** Issues by key or by query: only the server can ask Jira; a key says something even without. */
const jira: MacroRule = {
  asks: () => [{ ask: 'view' }],
  render(macro, renderer) {
    const fragment = renderer.answers.fragment(macro)
    if (fragment && renderFragment(macro, fragment, renderer)) return
    const key = macro.text('key') || issueKey(macro)
    if (key === '') renderer.lose('unsupported_macro', macro.name)
    else renderer.out.phrase('span', {}, key)
  },
}

export const inlineMacros: Readonly<Record<string, MacroRule>> = {
  status,
  'status-handy': status,
  profile,
  'profile-picture': profile,
  jira,
  jiraissues: jira,
}

/** Old pages hold the key without a name, or one key as the whole query. */
function issueKey(macro: Macro): string {
  return /^[A-Z][A-Z0-9_]+-\d+$/.exec(macro.text(''))?.[0] ?? ''
}
