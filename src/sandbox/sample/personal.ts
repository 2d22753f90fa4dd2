/**
 * A personal space: what one designer thinks aloud, and what she keeps to herself.
 *
 * @module
 */

import { ADMINISTER, VIEW } from '../principals.ts'
import { png } from './files.ts'
import type { Body, Sample } from './sample.ts'

export function addPersonalSpace(sample: Sample): void {
  const { world, groups, flavour } = sample
  const { mira, tomas } = sample.people
  const key = flavour === 'cloud' ? `~${mira.accountId.replaceAll(/[:-]/g, '')}` : `~${mira.username}`
  const space = world.addSpace(key, mira.displayName, { type: 'personal', author: mira })
  world.grant(space, mira, ADMINISTER)
  world.grant(space, world.crawler, ADMINISTER)
  world.grant(space, sample.everyone, VIEW)
  const page = (title: string, body: Body) => world.addPage(home, title, { body: body(sample), author: mira })

  const home = world.addPage(space, 'Mira’s desk', { body: desk(sample), author: mira })
  space.homepageId = home.id
  const sketches = page('Sketchbook', sketchbook)
  world.addAttachment(sketches, 'fork-crown.png', { ...forkCrown, author: mira })
  page('Books worth lending', books)
  world.restrict(page('A smaller wheel?', smallWheel), 'read', [mira, tomas, groups.readers])
  world.restrict(page('Letter I will not send', letter), 'read', [mira])
  world.addPage(sketches, 'Crown 7, Überarbeitung', { body: crown(sample), author: mira, version: 2 })
}

const desk: Body = ({ write: { children, quote } }) => `
<p>Unfinished things. Read with patience.</p>
${quote('A line is right when you can no longer say which of two it is.')}
${children({ sort: 'modified' })}`

const sketchbook: Body = ({ write: { picture } }) => `
<p>${picture('fork-crown.png', { width: 96, alt: 'A fork crown from the front' })}</p>
<p>The crown should look as if it had grown. So far it looks as if it had been <u>argued about</u>.</p>`

const books: Body = () => `
<ul>
  <li><em>The Feel of Steel</em>, on my shelf, second row</li>
  <li><em>Small Harbours of the North</em>, with the map missing</li>
</ul>`

const smallWheel: Body = ({ write: { tasks } }) => `
<p>26 inches, wide tyres, the same trail. It would fit under a bunk.</p>
${tasks([false, 'Borrow a frame and cut it'], [false, 'Tell nobody before it rides'])}`

const letter: Body = () => '<p>Dear Weir &amp; Sons, a tube that is round on Mondays only is not a tube.</p>'

const crown: Body = ({ write: { link } }) => `
<p>Weiter oben beginnen, später enden. Die Kante bleibt. Zuerst gezeichnet im ${link('Sketchbook', { text: 'Skizzenbuch' })}.</p>`

const forkCrown = png(32, 32, (x, y) =>
  Math.abs(x - 16) < 3 + y / 4 && y > 6 ? [60, 60, 64] : [250, 247, 238],
)
