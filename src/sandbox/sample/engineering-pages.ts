/**
 * Texts of engineering: frames, the workshop's rigs, and how things are tested.
 *
 * @module
 */

import { uuidOf } from '../principals.ts'
import type { Body } from './sample.ts'

/** Marker of the inline comment on the page of the fatigue rig. */
export const cyclesMarker = '8b0c7e52-94d1-4f0b-b6a7-1d2e3f405162'

export const home: Body = ({ write: { toc, rich, macro, link } }) => `
${toc()}
<h1>Engineering</h1>
<p>Frames, lamps, and the machines that try to break both. New here? Begin with ${link('Getting started')}.</p>
<h2>Releases of the lamp firmware</h2>
${macro('detailssummary', { cql: 'label = "release" and space = currentSpace()', id: 'release', headings: 'State,Date,Lead', sortBy: 'Title' })}
<h2>Frames</h2>
<p>All decisions about frames are in the ${link('Decisions and how we keep them', { space: 'HANDBOOK', text: 'handbook' })}.</p>
<h2>Recently</h2>
${macro('recently-updated', { spaces: '@self', max: '5' })}
${rich('section', rich('column', '<p><strong>Left:</strong> what we make.</p>', { width: '50%' }) + rich('column', '<p><strong>Right:</strong> what we break.</p>', { width: '50%' }))}`

export const gettingStarted: Body = ({ write: { code, tip, link, mention }, people: { yuki } }) => `
<p>One afternoon, one cable, one lamp that blinks at the end.</p>
<ol>
  <li>Ask ${mention(yuki)} for a lamp and a debug cable.</li>
  <li>Install the tools:
${code('bash', 'git clone git@code.example.com:halyard/lamp.git\ncd lamp && make tools')}
  </li>
  <li>Build and flash, as described in ${link('Build and flash', { anchor: 'First-time' })}.</li>
</ol>
${tip('<p>A lamp that does not answer is nearly always a lamp that is not charged.</p>')}`

export const geometry: Body = ({ write: { picture, plain, link } }) => `
<p>${picture('geometry.svg', { width: 320, alt: 'Side view of the frame', caption: 'Size 54. All angles against the ground.' })}</p>
<table>
  <tbody>
    <tr><th rowspan="2"><p>Size</p></th><th colspan="2"><p>Tubes, mm</p></th><th colspan="2"><p>Angles</p></th></tr>
    <tr><th><p>Seat</p></th><th><p>Top</p></th><th><p>Head</p></th><th><p>Seat</p></th></tr>
    <tr><th><p>50</p></th><td><p>500</p></td><td><p>535</p></td><td><p>70.5°</p></td><td rowspan="3"><p>73°</p></td></tr>
    <tr><th><p>54</p></th><td><p>540</p></td><td><p>560</p></td><td><p>71.0°</p></td></tr>
    <tr><th><p>58</p></th><td colspan="2"><p>580, square</p></td><td><p>71.5°</p></td></tr>
  </tbody>
</table>
<p>Trail follows from the head angle <em>α</em>, the radius <em>r</em> of the wheel and the rake <em>k</em>:</p>
${plain('mathblock', String.raw`t = \frac{r \cos\alpha - k}{\sin\alpha}`)}
<p>The lugs that hold these angles are listed in the ${link('Lug library')}.</p>`

export const lugs: Body = ({ write: { children, anchorLink, anchor } }) => `
<p>Numbers are stamped on the inside. ${anchorLink('retired', 'Retired numbers')} are never given again.</p>
${children({ excerptType: 'none' })}
<h3>${anchor('retired')}Retired</h3>
<p>L-007, L-033 and <span style="text-decoration: line-through;">L-058</span> (found again).</p>`

export const lug104: Body = ({ write: { details, status } }) => `
${details(
  'lug',
  `<table><tbody>
    <tr><th><p>Angle</p></th><td><p>71.0° / 54.5°</p></td></tr>
    <tr><th><p>Fits</p></th><td><p>31.8 head, 28.6 down</p></td></tr>
    <tr><th><p>State</p></th><td><p>${status('in use', 'Green')}</p></td></tr>
  </tbody></table>`,
)}
<p>Cast in two halves since March 2025, because the old mould leaked at the point of the shoreline.</p>`

export const brazing: Body = ({ write: { richLink } }) => `
<p>Silver 56&nbsp;%, flux <code>F-2</code>, 680&nbsp;°C. Flow was complete on 19 of 20 joints; the twentieth was cold at the
crown and is kept in the drawer. See ${richLink('Lug L-104', 'the sheet of <strong>L-104</strong>')}.</p>`

export const tubing: Body = ({ write: { warning } }) => `
<p>Two suppliers, one of them for the stays only. Prices are agreed in spring; orders go out on the first Monday of a quarter.</p>
${warning('<p>Only purchasing changes this page: the stock list reads its table every night.</p>')}
<table><tbody>
  <tr><th><p>Part</p></th><th><p>Supplier</p></th><th><p>Lead time</p></th></tr>
  <tr><td><p>Main tubes</p></td><td><p>Weir &amp; Sons</p></td><td><p>11 weeks</p></td></tr>
  <tr><td><p>Stays</p></td><td><p>Tubificio Adda</p></td><td><p>6 weeks</p></td></tr>
</tbody></table>`

export const bench: Body = ({ write: { children, pictureFrom } }) => `
<p>Everything we sell has been shaken, bent and rained on before.</p>
<p>${pictureFrom('https://pictures.example.com/bench.jpg?size=large&from=wiki', { alt: 'The test bench by the window' })}</p>
${children({ all: 'true' })}`

export const fatigue: Body = ({ write: { excerpt, marked, tasks, mention, date }, people: { priya } }) => `
${excerpt('<p>A frame passes when it survives 100,000 cycles of 1,200&nbsp;N without a crack that a finger nail can feel.</p>', 'pass')}
<p>The rig is stopped ${marked(cyclesMarker, 'every 10,000 cycles')} and the joints are wiped with dye.</p>
${tasks([false, `${mention(priya)} order dye by ${date('2025-06-02')}`], [true, 'Replace the counter'])}`

export const calibration: Body = ({ write: { excerptInclude, noformat } }) => `
<p>Why we calibrate: the pass mark below means nothing if the load cell drifts.</p>
${excerptInclude('Fatigue rig', undefined, 'pass')}
<p>The printed slip looks like this:</p>
${noformat('LOAD CELL 2   2025-04-30\n  0 N ......   0.3\n 1200 N .... 1201.1   OK\n')}`

export const incident: Body = ({ write: { excerpt, warning } }) => `
${excerpt('<p>On 12 March the guard of the fatigue rig was open while it ran. A broken stay flew across the room; nobody was hit.</p>')}
${warning('<p>Until the interlock is fitted the rig runs only while two people are in the room.</p>')}`

export const digest: Body = ({ write: { excerptInclude, include } }) => `
<h2>March</h2>
${excerptInclude('Incident: guard left open')}
<h2>The rule behind it</h2>
${excerptInclude('Meetings we keep', 'HANDBOOK')}
<h2>Pay while off sick</h2>
${include('Salary bands', 'HANDBOOK')}
<h2>From the old wiki</h2>
${include('Rules of the forge')}`

export const japanese: Body = () => `
<p>部品表は三つの欄からなる。左から番号、名称、数量である。数量の後の「※」は、左右一組を表す。</p>
<p>The supplier in Sakai sends lists in this form. Column two is what we call the part; <strong>※</strong> means a pair.</p>`

export const relativePaths: Body = ({ write: { code } }) => `
<p>Scripts are started from anywhere, so they must not count dots. Wrong:</p>
${code('bash', 'source ../../common.sh   # depends on who calls')}
<p>Right:</p>
${code('bash', 'here=$(cd "$(dirname "$0")" && pwd)\nsource "$here/../common.sh"')}`

const tensionMap = uuidOf('sample: the map of spokes')

export const tension: Body = ({ write: { macro } }) => `
<p>Tension of all 36 spokes, measured after a day of rest.</p>
${macro('spoke-tension-map', { wheel: 'rear', unit: 'N' }, '', tensionMap)}
<p>Even within 5&nbsp;% is good; we send out nothing above 8&nbsp;%.</p>`

/** An app draws the map in a frame of its own, so the server’s page holds no word of it. */
export const tensionView: Body = () => `
<p>Tension of all 36 spokes, measured after a day of rest.</p>
<div class="ap-container conf-macro output-block" id="ap-spoke-tension-map-1" data-hasbody="false" data-macro-name="spoke-tension-map" data-macro-id="${tensionMap}"><div class="ap-content"></div></div>
<p>Even within 5&nbsp;% is good; we send out nothing above 8&nbsp;%.</p>`

export const drawings: Body = ({ write: { fileLink } }) => `
<p>Drawings are kept as PDF, with the date in the name. Newest: ${fileLink('skerry-54 (2025-05).pdf', 'Skerry 54')}.</p>`
