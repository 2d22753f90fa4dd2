/**
 * Texts for riders: public, short, and written for someone with oily hands.
 *
 * @module
 */

import type { Body } from './sample.ts'

export const home: Body = ({ write: { layout, section, macro, link, info } }) =>
  layout(
    section('single', '<p>Something squeaks? Start here. If it still squeaks on Friday, bring it round.</p>'),
    section(
      'three_equal',
      `<h3>On the road</h3><ul><li>${link('Tyre pressure')}</li><li>${link('The lamp does not charge')}</li></ul>`,
      `<h3>At home</h3><ul><li>${link('Look after your chain')}</li><li>${link('Which size fits me?')}</li></ul>`,
      `<h3>With us</h3><ul><li>${link('Warranty')}</li><li>${link('For dealers')}</li></ul>`,
    ),
    section(
      'single',
      `${info('<p>These pages are public. You need no account to read them.</p>')}
<h2>All instructions</h2>
${macro('contentbylabel', { labels: 'how-to', spaces: '@self', sort: 'title', showSpace: 'false' })}`,
    ),
  )

export const chain: Body = ({ write: { picture, tip, expand } }) => `
<p>A chain wants to be dry outside and wet inside.</p>
<p>${picture('chain.png', { alt: 'Links of a chain', caption: 'Oil goes between the plates, not on them.' })}</p>
<ol>
  <li>Wipe it with a rag until the rag stays clean.</li>
  <li>One drop on each roller. <strong>One.</strong></li>
  <li>Turn the cranks for a minute, then wipe again.</li>
</ol>
${tip('<p>Mark the first link with chalk, and you will not oil it twice.</p>')}
${expand('When to replace it', '<p>When 12 links measure more than 306&nbsp;mm. The sprockets will thank you.</p>')}`

export const tyres: Body = ({ write: { note } }) => `
<table>
  <tbody>
    <tr><th rowspan="2"><p>Rider and bags</p></th><th colspan="3"><p>Pressure, bar</p></th></tr>
    <tr><th><p>32&nbsp;mm</p></th><th><p>40&nbsp;mm</p></th><th><p>50&nbsp;mm</p></th></tr>
    <tr><td><p>up to 70&nbsp;kg</p></td><td><p>4.0</p></td><td><p>3.0</p></td><td rowspan="2"><p>2.2</p></td></tr>
    <tr><td><p>70 to 95&nbsp;kg</p></td><td><p>5.0</p></td><td><p>3.8</p></td></tr>
    <tr><td><p>more</p></td><td><p>not this tyre</p></td><td><p>4.5</p></td><td><p>3.0</p></td></tr>
  </tbody>
</table>
${note('<p>On gravel take off half a bar. Put it back on before the ferry.</p>')}`

export const charging: Body = ({ write: { warning, code, link } }) => `
<ol>
  <li>Is the plug dry?</li>
  <li>Does the wheel turn freely? Below 6&nbsp;km/h the dynamo gives too little.</li>
  <li>Hold the button for ten seconds. The lamp answers by blinking:
    <ul><li>once: empty, ride on</li><li>twice: too cold</li><li>three times: bring it round</li></ul>
  </li>
</ol>
${warning('<p>Never open the cell. It does not like air.</p>')}
<p>If you like to look inside by software:</p>
${code('text', 'lamp> status\ncell 3.91 V  dynamo 0.00 V  light off')}
<p>See also ${link('Protocol of the lamp bus', { space: 'ENG' })}, if you may.</p>`

export const sizes: Body = ({ write: { fileLink, widget } }) => `
<p>Stand against a wall with a book between your legs, spine up. Its height is your inside leg.</p>
<p>${widget('https://video.example.com/watch?v=fit54&t=10')}</p>
<p>The table to print: ${fileLink('sizes.csv')}.</p>`

export const warranty: Body = ({ write: { children } }) => `
<p>Frames: fifteen years, to the first owner. Lamps: five years. Everything that wears: until it is worn.</p>
${children()}`

export const warrantyClaim: Body = () => `
<p>The number under the bottom bracket, a photograph in daylight, and one sentence about what happened. We are not looking
for someone to blame.</p>
<p>Write to <a href="mailto:care@example.com?subject=Warranty%20%26%20repair">care@example.com</a>.</p>`

export const recall: Body = ({ write: { panel, anchorLink, anchor } }) => `
${panel('Who is concerned', `<p>Bicycles with numbers from <strong>H21-0400</strong> to <strong>H21-0519</strong>. See ${anchorLink('number', 'where the number is')}.</p>`)}
<p>A weld at the crown of the fork may crack. Please do not ride; we collect the bicycle, wherever it is.</p>
<h2>${anchor('number')}Where the number is</h2>
<p>Turn the bicycle over: it is stamped into the shell of the bottom bracket, next to a small pennant.</p>`

export const questions: Body = ({ write: { toc, emoji } }) => `
${toc()}
<h2>Do you ship abroad?</h2>
<p>Yes, in a box that becomes a table.</p>
<h2>May I paint my frame?</h2>
<p>It is yours. ${emoji('smile', '🙂', 'smile')} Keep away from the number.</p>
<hr />
<h2>Is there an electric one?</h2>
<p>There is a lamp.</p>`

export const firstRide: Body = ({ write: { include } }) => `
<p>Before you leave the shop: brakes, bell, saddle. Then the tyres:</p>
${include('Tyre pressure')}
<p>Come back after 300&nbsp;km. Spokes settle, and so do people.</p>`

export const licences: Body = ({ write: { fileLink, link } }) => `
<p>The full text is in ${fileLink('NOTICE.txt')}. How the firmware is built is described for
${link('Build and flash', { space: 'ENG', text: 'engineers' })}.</p>`

export const dealers: Body = ({ write: { children, info } }) => `
<p>Welcome to the other side of the counter.</p>
${info('<p>Only dealers and rider care see this page and those below it.</p>')}
${children()}`

export const returns: Body = () => `
<p>Print the label, wait for the van on Thursday. A frame without a box is not a parcel.</p>`

export const prices: Body = () => `
<table><tbody>
  <tr><th><p>Model</p></th><th><p>Dealer</p></th><th><p>Shop window</p></th></tr>
  <tr><td><p>Skerry 50</p></td><td><p>1,640</p></td><td><p>2,290</p></td></tr>
  <tr><td><p>Skerry 54</p></td><td><p>1,640</p></td><td><p>2,290</p></td></tr>
  <tr><td><p>Skerry 58</p></td><td><p>1,710</p></td><td><p>2,390</p></td></tr>
</tbody></table>
<p>Dealers are named one by one here, as each signs a contract of their own.</p>`

export const summerRide: Body = ({ write: { date, pictureFrom } }) => `
<p>On ${date('2025-06-14')} we ride round the bay: 64&nbsp;km, two ferries, one cake.</p>
<p>${pictureFrom('https://pictures.example.com/bay.jpg', { caption: 'The second ferry, last year' })}</p>`
