/**
 * How help is laid out: short flags and their descriptions side by side, long flags on a line of their own, so that nothing is squeezed.
 *
 * @module
 */

import { type Command, Help, type HelpConfiguration } from 'commander'

const widestTerm = 30
const usual = new Help()

export const helpLayout: HelpConfiguration = {
  padWidth: (command: Command, helper: Help) => Math.min(widestTerm, usual.padWidth(command, helper)),
  formatItem(term: string, termWidth: number, description: string, helper: Help) {
    const item = (of: string) => usual.formatItem.call(helper, of, termWidth, description, helper)
    return helper.displayWidth(term) <= termWidth ? item(term) : `  ${term}\n${item('')}`
  },
}
