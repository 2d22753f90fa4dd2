/**
 * Texts of the handbook: how the company works, written for everybody in it.
 *
 * @module
 */

import type { Body } from './sample.ts'

/** Marker of the inline comment on the page of working hours. */
export const overtimeMarker = '3d9a4f0e-5a1b-4c1e-8d53-6f0a1c2b9e71'

export const welcome: Body = ({
  write: { layout, section, picture, panel, link, date, emoji, macro, pageTree, mention },
  people,
}) =>
  layout(
    section(
      'single',
      `<h1>Welcome to Halyard Cycles</h1>
<p>We build touring bicycles in a former sail loft by the harbour of Norrvik. Thirty of us work here, and each bicycle
passes through the hands of at least nine. ${emoji('bike', '🚲', 'blue-star')}</p>
<p>${picture('halyard-mark.svg', { width: 160, alt: 'A pennant above two wheels', caption: 'The mark that goes on every <em>head tube</em>.' })}</p>`,
    ),
    section(
      'two_left_sidebar',
      `<h2>Most read</h2>
<ul>
  <li>${link('Working hours and holidays')}</li>
  <li>${link('Travel & expenses', { text: 'How to get your money back' })}</li>
  <li>${link('Getting started', { space: 'ENG', text: 'Getting started in engineering' })}</li>
</ul>
${panel('Ask first', `<p>Anything about this handbook: ${mention(people.hannah)}.</p>`)}`,
      `<h2>What this handbook is</h2>
<p>It says how we work <em>today</em>. If a page and the practice differ, one of them is wrong: tell the person named at the
top of the page. It was last read from front to back on ${date('2024-11-18')}.</p>
<h2>Pages for new colleagues</h2>
${macro('contentbylabel', { cql: 'label = "new-here" and space = currentSpace()', max: '10', showLabels: 'false' })}
<h2>Everything</h2>
${pageTree('@home')}`,
    ),
  )

export const howWeWork: Body = ({ write: { children, info } }) => `
<p>Four rules carry everything else:</p>
<ol>
  <li>Whoever builds it, rides it.</li>
  <li>A drawing without a date is a sketch.</li>
  <li>We stop the line for a question, never for blame.</li>
  <li>What is decided is written down by the end of the day.</li>
</ol>
${info('<p>The pages below go into detail. Each names one person who keeps it up to date.</p>')}
${children({ depth: '2', sort: 'title' })}`

export const workingHours: Body = ({ write: { toc, note, marked, include, link } }) => `
${toc('2')}
<h2>Weekly hours</h2>
<table data-layout="default">
  <tbody>
    <tr><th rowspan="2"><p>Area</p></th><th colspan="2"><p>Monday to Thursday</p></th><th><p>Friday</p></th></tr>
    <tr><th><p>Early</p></th><th><p>Late</p></th><th><p>All</p></th></tr>
    <tr><th><p>Workshop</p></th><td><p>6:30 to 14:30</p></td><td><p>12:00 to 20:00</p></td><td><p>6:30 to 12:30</p></td></tr>
    <tr><th><p>Paint</p></th><td colspan="2"><p>7:00 to 15:30, no late shift</p></td><td rowspan="2"><p>8:00 to 13:00</p></td></tr>
    <tr><th><p>Office</p></th><td colspan="2">
      <ul><li><p>Core hours 10:00 to 15:00</p></li><li><p>Phones staffed until 17:00:</p>
        <ul><li><p>odd weeks: rider care</p></li><li><p>even weeks: purchasing</p></li></ul></li></ul></td></tr>
  </tbody>
</table>
<h2>Overtime</h2>
<p>Overtime is ${marked(overtimeMarker, 'taken back within six weeks')}, hour for hour. It is never paid out, so that nobody
has a reason to collect it.</p>
${note('<p>From October to February the paint shop closes at dusk: colours cannot be judged under lamps.</p>', 'Winter')}
<h2>Holidays</h2>
<p>Thirty days a year. Two of the weeks are fixed, because the kilns are serviced then: see the calendar below.</p>
${include('Shop calendar')}
<p>Questions about parental leave are answered on ${link('Contract types')}, as far as you may open it.</p>`

export const calendar: Body = ({ write: { date, status } }) => `
<table>
  <tbody>
    <tr><th><p>What</p></th><th><p>From</p></th><th><p>To</p></th><th><p>State</p></th></tr>
    <tr><td><p>Kiln service, summer</p></td><td><p>${date('2025-07-21')}</p></td><td><p>${date('2025-08-01')}</p></td><td><p>${status('Fixed', 'Green')}</p></td></tr>
    <tr><td><p>Kiln service, winter</p></td><td><p>${date('2025-12-22')}</p></td><td><p>${date('2026-01-02')}</p></td><td><p>${status('Proposed', 'Yellow')}</p></td></tr>
  </tbody>
</table>`

export const meetings: Body = ({ write: { excerpt, mention }, people: { tomas, mira, sofia } }) => `
${excerpt('<p>We keep three meetings. Everything else is a conversation, and needs no invitation.</p>')}
<table>
  <thead><tr><th><p>Meeting</p></th><th><p>When</p></th><th><p>Led by</p></th></tr></thead>
  <tbody>
    <tr><td><p><strong>Bench round</strong></p></td><td><p>daily, 9:15, ten minutes, standing</p></td><td><p>${mention(tomas)}</p></td></tr>
    <tr><td><p><strong>Drawing hour</strong></p></td><td><p>Tuesday 14:00</p></td><td><p>${mention(mira)}</p></td></tr>
    <tr><td><p><strong>Whole company</strong></p></td><td><p>first Friday of the month</p></td><td><p>${mention(sofia)}</p></td></tr>
  </tbody>
</table>
<blockquote><p>If the tea is still hot at the end, the meeting had the right length.</p><p>Old saying of the sail loft</p></blockquote>`

export const decisions: Body = ({ write: { decisions, tip, children } }) => `
<p>A decision has a page of its own when undoing it would cost more than a day. Small ones are kept in this list:</p>
${decisions(
  'We label tubes on the inside, where sweat does not reach.',
  'Photographs of finished frames are taken against the grey wall only.',
  'Suppliers get an answer within two working days, even if it is “not yet”.',
)}
${tip('<p>Write the rejected options down as well. Someone will propose them again.</p>')}
<h2>Large decisions</h2>
${children()}`

export const steel: Body = ({ write: { details, status, mention, date, link }, people: { mira } }) => `
${details(
  'decision',
  `<table><tbody>
  <tr><th><p>State</p></th><td><p>${status('Decided', 'Green')}</p></td></tr>
  <tr><th><p>Owner</p></th><td><p>${mention(mira)}</p></td></tr>
  <tr><th><p>Date</p></th><td><p>${date('2024-05-14')}</p></td></tr>
</tbody></table>`,
)}
<h2>Question</h2>
<p>Which material do we use for the frame of the <em>Skerry</em> tourer?</p>
<h2>Options</h2>
<table><tbody>
  <tr><th><p>Material</p></th><th><p>Weight of a frame</p></th><th><p>Repair on the road</p></th></tr>
  <tr><td><p>Aluminium</p></td><td><p>1.6&nbsp;kg</p></td><td><p>hardly anywhere</p></td></tr>
  <tr><td><p>Titanium</p></td><td><p>1.5&nbsp;kg</p></td><td><p>few workshops</p></td></tr>
  <tr><td><p><strong>Steel</strong></p></td><td><p>2.1&nbsp;kg</p></td><td><p>every harbour that has a welder</p></td></tr>
</tbody></table>
<h2>Answer</h2>
<p>Steel, brazed with lugs. The half kilogram is less than a full bottle; a cracked frame in a small port is the end of a
journey. The numbers come from the ${link('Trial ride protocol')}.</p>`

export const trialProtocol: Body = ({ write: { tasks, mention }, people: { jonas, mira } }) => `
<p>Three riders, one loop, the same load. Nobody knows which frame they ride: the tubes are wrapped in cloth tape.</p>
${tasks(
  [true, `${mention(jonas)} wraps the frames the evening before`],
  [true, 'Weigh the bags: 18&nbsp;kg, at most 200&nbsp;g apart'],
  [false, `Send the ride sheets to ${mention(mira)} on the same day`],
)}
<p>Marks from 1 (poor) to 5 (very good) for <em>comfort</em>, <em>tracking</em> and <em>trust on gravel</em>.</p>`

export const capeLoop: Body = ({ write: { fileLink, picture } }) => `
<p>Wind from the west, 7&nbsp;m/s; 92&nbsp;km with the ferry. All three riders finished.</p>
<p>${picture('cape-loop.png', { width: 240, alt: 'Height profile', caption: 'Two climbs, the second one on gravel.' })}</p>
<p>Marks of each rider are in ${fileLink('marks.csv', 'the ride sheet')}.</p>
<p>Rider B, who had asked for aluminium, gave the steel frame a 5 for trust on gravel and wanted to keep it.</p>`

export const glossary: Body = ({ write: { anchor, anchorLink } }) => `
<p>Words that newcomers ask for: ${anchorLink('lug', 'lug')}, ${anchorLink('trail', 'trail')}, ${anchorLink('dish', 'dish')}.</p>
<h3>${anchor('lug')}Lug</h3>
<p>A sleeve of cast steel into which the tubes of a frame are brazed.</p>
<h3>${anchor('trail')}Trail</h3>
<p>How far the front wheel touches the ground <em>behind</em> the line of the steering axis. More trail: calmer.</p>
<h3>${anchor('dish')}Dish</h3>
<p>The amount by which spokes of the rear wheel lean to one side to make room for the sprockets. Written d<sub>r</sub>, in
millimetres; for our hubs d<sub>r</sub>&nbsp;&lt;&nbsp;6.</p>`

export const travel: Body = ({ write: { fileLink, viewFile, warning, expand, code } }) => `
<p>Keep the receipt, ride if you can, and hand in the form within a month.</p>
<h2>Rates</h2>
<p>The rates of this year are in ${fileLink('rates-2025.csv')}; the form is ${fileLink('expense-form.pdf', 'a PDF to print')}.</p>
<p>${viewFile('expense-form.pdf')}</p>
${warning('<p>Flights within 800&nbsp;km are not paid. There is a night train.</p>', 'No short flights')}
${expand(
  'How the bicycle allowance is computed',
  `<p>Per working day, up to 20&nbsp;km:</p>${code('text', 'allowance = min(distance, 20) * 0.35 * days', 'allowance.txt')}`,
)}`
