/**
 * Texts of the handbook about joining, pay and the board; most of them are not for everybody.
 *
 * @module
 */

import type { Body } from './sample.ts'

export const joining: Body = ({ write: { macro, excerptInclude } }) => `
<p>Good that you are here. Your first weeks are planned; the pages below say how.</p>
${excerptInclude('Meetings we keep')}
<h2>All pages for newcomers</h2>
${macro('contentbylabel', { labels: 'new-here', spaces: '@self', operator: 'OR', max: '5' })}`

export const firstWeek: Body = ({
  write: { tasks, mention, date, emoji },
  people: { hannah, tomas, jonas },
}) => `
<p>For ${mention(jonas)}, who starts on ${date('2024-09-02')}. ${emoji('wave', '👋', 'smile')}</p>
${tasks(
  [true, `Keys and locker: ${mention(hannah)}`],
  [true, `Round through the workshop with ${mention(tomas)}, one hour`],
  [false, 'Build a wheel. It may take until Friday; everybody’s first one did'],
  [false, `Read the safety pages, and sign by ${date('2024-09-06')}`],
)}
<h3>What to bring</h3>
<ul>
  <li>shoes with a steel cap</li>
  <li>a mug
    <ul>
      <li>with your name on it,
        <ol><li>painted</li><li>or engraved, if you know how</li></ol>
      </li>
    </ul>
  </li>
</ul>`

export const accounts: Body = ({ write: { expand, code, status, note } }) => `
<table><tbody>
  <tr><th><p>Tool</p></th><th><p>For</p></th><th><p>Account</p></th></tr>
  <tr><td><p>Wiki</p></td><td><p>this</p></td><td><p>${status('automatic', 'Green')}</p></td></tr>
  <tr><td><p>Stock list</p></td><td><p>purchasing, workshop</p></td><td><p>${status('ask Rafael', 'Blue')}</p></td></tr>
  <tr><td><p>Source code</p></td><td><p>engineering</p></td><td><p>${status('ask Yuki', 'Blue')}</p></td></tr>
</tbody></table>
${note('<p>We never ask for a password by telephone. Nobody does.</p>')}
${expand('Setting up the printer on Linux', code('bash', 'lpadmin -p loft -E -v ipp://printer.example.com/ipp -m everywhere\nlpoptions -d loft'))}`

export const contractTypes: Body = () => `
<p>We have three kinds of contract: full time, four days, and apprenticeship. Each can be changed to each at the turn of the
year. Parental leave counts as full time for the pension.</p>`

export const apprentices: Body = ({ write: { mention }, people: { tomas } }) => `
<p>Apprentices are paid by year of training, with 5&nbsp;% more after the journeyman’s piece has been accepted by
${mention(tomas)}. The chamber’s form 7b is filed before the first day, not on it.</p>`

export const salaryBands: Body = () => `
<p>Band A starts at 2,900, band B at 3,600, band C at 4,450. Steps follow every second year.</p>`

export const salaryExamples: Body = () => `
<p>A wheel builder who moves to four days after three years stays in band B: 3,600 × 0.8 + one step.</p>`

export const emergency: Body = ({ write: { warning, mention }, people: { tomas, sofia } }) => `
${warning('<p>Fire: 112, then pull the red handle by the kiln.</p>')}
<p>At night the loft is looked after by the night watch. If nobody answers, call ${mention(tomas)}, then ${mention(sofia)}.</p>`

export const board: Body = ({ write: { children } }) => `
<p>The board meets four times a year. Minutes are open to the leadership, and to nobody else before they are approved.</p>
${children({ sort: 'creation', reverse: 'true' })}`

export const boardFebruary: Body = ({ write: { decisions, status } }) => `
<p>Present: all. ${status('Approved', 'Green')}</p>
${decisions('The second kiln is bought, used, for at most 40,000.', 'No dividend for 2024.')}`

export const boardMay: Body = ({ write: { status } }) => `
<p>Present: all but one. ${status('Draft', 'Yellow')}</p>
<p>The bank offers to renew the loan for the loft for ten years. Answer until the end of June.</p>`

export const noticeBoard: Body = ({ write: { mention, date }, people: { ebba, rafael } }) => `
<p>${date('2025-03-03')} ${mention(ebba)}: a left glove, brown, was found in the test van.</p>
<p>${date('2025-03-05')} ${mention(rafael)}: there is cake. <em>There was cake.</em></p>`

export const oldTravelRules: Body = () =>
  '<p>Until 2022 taxis were paid from the station. They are not any more.</p>'

export const paintShop: Body = ({ write: { picture } }) => `
<p>After eleven years next to the kitchen the paint shop has moved to the north side, where the light is even. Lunch tastes
better, too.</p>
<p>${picture('swatches.png', { alt: 'Four colours of the new season' })}</p>`

export const newApprentice: Body = ({ write: { mention }, people: { jonas } }) => `
<p>Please welcome ${mention(jonas)}. He rode here from Jena, 1,140&nbsp;km, with a broken spoke from Lübeck on. He says that he
wants to know why it broke; we think that he is in the right place.</p>`
