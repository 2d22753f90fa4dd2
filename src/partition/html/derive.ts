/**
 * Tells what a paragraph is from its text alone.
 *
 * @module
 */

import { isEmailAddress, isNarrative, isUsCityStateZip, withoutBullet } from '../../kit/text-type.ts'
import type { ElementType } from '../../model/element.ts'
import { isBulletItem } from '../element-from-text.ts'

export interface Derived {
  readonly type: ElementType
  readonly text: string
}

const isOneCharacter = (text: string): boolean =>
  text.length === 1 || (text.length === 2 && text.codePointAt(0)! > 0xffff)

/**
 * First match wins: bullet, postal address, e-mail address, narrative, else uncategorized.
 *
 * @param text not blank, white space collapsed.
 * @param keepsAll keep what the reference loses: single characters, lone bullets, minus signs.
 */
export function derive(text: string, keepsAll: boolean): Derived | undefined {
  if (isBulletItem(text, keepsAll)) {
    const item = withoutBullet(text)
    if (item !== '') return { type: 'ListItem', text: item }
    return keepsAll ? { type: 'UncategorizedText', text } : undefined
  }
  if (isUsCityStateZip(text)) return { type: 'Address', text }
  if (isEmailAddress(text)) return { type: 'EmailAddress', text }
  if (isOneCharacter(text)) return keepsAll ? { type: 'UncategorizedText', text } : undefined
  return { type: isNarrative(text) ? 'NarrativeText' : 'UncategorizedText', text }
}
