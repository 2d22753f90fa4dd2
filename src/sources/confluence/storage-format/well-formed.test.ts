import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseStorage } from './tree.ts'

/** A comment is not for the quick reader, so the tolerant one reads everything that follows. */
const readTolerantly = (storage: string) => parseStorage(`<!---->${storage}`)

const pieces = [
  ...[
    '<p>',
    '</p>',
    '<P class="x">',
    '</P >',
    '<br/>',
    '<br />',
    '<br>',
    '</br>',
    '<hr',
    '<a b="c" b=\'d\' e>',
  ],
  ...[
    '<ac:link\n ri:title="a &amp; b" >',
    '</ac:link>',
    '<ac:parameter ac:name="">',
    '</ac:parameter>',
    '</>',
  ],
  ...[
    '<![CDATA[',
    ']]>',
    ']]]>',
    '<![cdata[',
    '<!DOCTYPE p>',
    '<?xml ?>',
    '<!-- <p> -->',
    '<!--',
    '<',
    '>',
    '/',
  ],
  ...[
    '"',
    '=',
    '&lt;',
    '&nbsp;',
    '&amp',
    '&',
    '<a b="',
    '<é>',
    '<1>',
    '< p>',
    '<p\u00a0x="1">',
    '<p\vx="1">',
    '<p/x="1">',
  ],
  ...[
    '<p x="1"y="2">',
    '<p __proto__="1">',
    'text',
    ' ',
    '\r\n',
    '\0',
    '\ud800',
    '<td colspan="2">',
    '</td>',
  ],
]

describe('readWellFormed', () => {
  it('reads anything just as the tolerant reader does', () => {
    const storage = fc
      .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 3 })))
      .map((all) => all.join(''))
    fc.assert(
      fc.property(storage, (each) => {
        expect(parseStorage(each)).toEqual(readTolerantly(each))
      }),
      { numRuns: 3000 },
    )
  })
})
