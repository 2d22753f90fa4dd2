/**
 * Tells what a paragraph of an office document is from its text alone, where its style says nothing.
 *
 * @module
 */

import { isEmailAddress, isNarrative, isUsCityStateZip } from '../../kit/text-type.ts'
import { strip } from '../../kit/whitespace.ts'
import type { ElementType } from '../../model/element.ts'

/** First match wins: postal address, e-mail address, narrative, else uncategorized (the reference's order for Word). */
export function paragraphType(text: string): ElementType {
  const stripped = strip(text)
  if (stripped.length < 2) return 'UncategorizedText'
  if (isUsCityStateZip(stripped)) return 'Address'
  if (isEmailAddress(stripped)) return 'EmailAddress'
  return isNarrative(stripped) ? 'NarrativeText' : 'UncategorizedText'
}
