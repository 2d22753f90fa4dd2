/**
 * Makes an element of a text that comes without markup, as in plain text, PDF, slides, cells and XML: what it is, its looks say.
 *
 * @module
 */

import {
  isBulleted,
  isEmailAddress,
  isNarrative,
  isTitle,
  isUsCityStateZip,
  withoutBullet,
} from '../kit/text-type.ts'
import type { Element, ElementMetadata, ElementType } from '../model/element.ts'

/** Characters that are bullets only when white space follows: `-5 °C` and `*bold` are text. */
const doubtfulBullet = /^[-–*·](?!\s)/
const numbered = /^\d+[.)]\s./

/**
 * Whether the text begins with a bullet.
 *
 * @param strict a minus sign or an asterisk right before a word is no bullet (enhanced mode)
 */
export const isBulletItem = (text: string, strict: boolean): boolean =>
  isBulleted(text) && !(strict && doubtfulBullet.test(text))

/** Whether the text begins like `1. ` or `2) `. */
export const isNumberedItem = (text: string): boolean => numbered.test(text)

function typeOf(text: string): ElementType {
  if (isEmailAddress(text)) return 'EmailAddress'
  if (isUsCityStateZip(text)) return 'Address'
  if (isNumberedItem(text)) return 'ListItem'
  if (isNarrative(text)) return 'NarrativeText'
  return isTitle(text) ? 'Title' : 'UncategorizedText'
}

/**
 * First match wins: bullet, e-mail address, postal address, numbered item, narrative, title, else uncategorized (the reference's order).
 * The text stays as it is, but for a bullet that goes; what was nothing but a bullet stays.
 *
 * @param text not blank
 * @param metadata becomes the element's own; its `category_depth` is the caller's to set
 * @param strictBullets see {@link isBulletItem}
 */
export function elementFromText(
  text: string,
  metadata: ElementMetadata = {},
  strictBullets = false,
): Element {
  const item = isBulletItem(text, strictBullets) ? withoutBullet(text) : ''
  if (item !== '') return { type: 'ListItem', element_id: '', text: item, metadata }
  return { type: typeOf(text), element_id: '', text, metadata }
}
