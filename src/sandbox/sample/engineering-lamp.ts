/**
 * Texts of engineering about the lamp. Two of these pages hold issue lists that only a server can fill, so they come with the page
 * as the server renders it.
 *
 * @module
 */

import { uuidOf } from '../principals.ts'
import type { Body } from './sample.ts'

const releaseIssue = uuidOf('sample: the issue of release 2.4')
const defectTable = uuidOf('sample: the table of open defects')
const tracker = { server: 'Tracker', serverId: uuidOf('sample: tracker') }

export const lamp: Body = ({ write: { children, emoji, status } }) => `
<p>The lamp reads the dynamo, keeps a small cell charged, and shines at a steady 70 lux. ${emoji('flashlight', '🔦', 'light-on')}</p>
<p>Current firmware: ${status('2.4', 'Green')}; next: ${status('2.5', 'Blue')}.</p>
${children()}`

export const buildAndFlash: Body = ({ write: { code, note, anchor } }) => `
<h2>${anchor('First-time')}First time</h2>
${code('c', '/* A cell above 4.2 V must never be charged. */\nif (cell_mv[active[i]]> 4200 && !latched) {\n    charge_off();\n}', 'guard.c')}
<h2>Reading an index of an index</h2>
<p>The parser of the tests stumbles over two closing brackets before a greater sign, so this is how it looks:</p>
${code('javascript', 'const newest = cells[order[0]]>limit ? "full" : "charging"\n// ends with ]]> in a comment')}
<h2>Flashing</h2>
${code('bash', 'make flash PORT=/dev/ttyUSB0 && echo "done" > log.txt')}
${code('python', 'for name, volts in readings.items():\n    if volts < 3.0:\n        print(f"{name}: {volts:.2f} V <- low")', 'check.py')}
${note('<p>Hold the button until the lamp is dark <em>and</em> the red dot is on.</p>')}`

export const protocol: Body = ({ write: { noformat } }) => `
<p>One wire, 9600 baud, eight bytes a frame:</p>
${noformat('| 0x7E | len | cmd | a | b | c | crc | 0x7F |\n        \\__________________/\n             crc covers this')}
<table>
  <colgroup><col style="width: 90px;" /><col /></colgroup>
  <tbody>
    <tr><th><p>cmd</p></th><th><p>Meaning</p></th></tr>
    <tr><td><p><code>0x01</code></p></td><td><p>light on, <code>a</code> = level 0…255</p></td></tr>
    <tr><td><p><code>0x02</code></p></td><td><p>light off</p></td></tr>
    <tr><td><p><code>0x10</code></p></td><td><p>read cell, answers in millivolts:</p><table><tbody><tr><td><p>b</p></td><td><p>high byte</p></td></tr><tr><td><p>c</p></td><td><p>low byte</p></td></tr></tbody></table></td></tr>
  </tbody>
</table>`

const releaseTable = (state: string, day: string, lead: string) => `<table><tbody>
<tr><th><p>State</p></th><td><p>${state}</p></td></tr>
<tr><th><p>Date</p></th><td><p>${day}</p></td></tr>
<tr><th><p>Lead</p></th><td><p>${lead}</p></td></tr>
</tbody></table>`

export const release24: Body = ({ write: { details, status, date, mention, macro }, people: { yuki } }) => `
${details('release', releaseTable(status('Released', 'Green'), date('2025-04-08'), mention(yuki)))}
<p>Fixes the flicker below walking pace:</p>
<p>${macro('jira', { ...tracker, key: 'LAMP-41' }, '', releaseIssue)}</p>
<p>Lamps made before 2023 keep 1.9.</p>`

export const release24View: Body = ({ people: { yuki } }) => `
<div class="plugin-tabmeta-details conf-macro output-block" data-hasbody="true" data-macro-name="details">
<table class="confluenceTable"><tbody>
<tr><th class="confluenceTh"><p>State</p></th><td class="confluenceTd"><p><span class="status-macro aui-lozenge aui-lozenge-success conf-macro output-inline" data-hasbody="false" data-macro-name="status">Released</span></p></td></tr>
<tr><th class="confluenceTh"><p>Date</p></th><td class="confluenceTd"><p><time datetime="2025-04-08">08 Apr 2025</time></p></td></tr>
<tr><th class="confluenceTh"><p>Lead</p></th><td class="confluenceTd"><p><a class="confluence-userlink user-mention" data-account-id="${yuki.accountId}" href="/wiki/people/${yuki.accountId}">${yuki.displayName}</a></p></td></tr>
</tbody></table></div>
<p>Fixes the flicker below walking pace:</p>
<p><span class="jira-issue conf-macro output-block" data-jira-key="LAMP-41" data-hasbody="false" data-macro-name="jira" data-macro-id="${releaseIssue}"><a href="https://tracker.example.com/browse/LAMP-41" class="jira-issue-key">LAMP-41</a> - <span class="summary">Lamp flickers below 5 km/h</span> <span class="aui-lozenge aui-lozenge-success jira-macro-single-issue-export-pdf">Done</span></span></p>
<p>Lamps made before 2023 keep 1.9.</p>`

export const release25: Body = ({ write: { details, status, date, mention, link }, people: { priya } }) => `
${details('release', releaseTable(status('In test', 'Yellow'), date('2025-09-15'), mention(priya)))}
<p>Adds the parking light. It waits for what is left in ${link('Open defects')}.</p>`

export const openDefects: Body = ({ write: { macro } }) => `
<p>Defects of the lamp that are not closed, newest first.</p>
${macro('jira', { ...tracker, jqlQuery: 'project = LAMP and statusCategory != Done order by created desc', columns: 'key,summary,status', maximumIssues: '20' }, '', defectTable)}
<p>Anything older than a quarter is either a decision or a duplicate.</p>`

export const openDefectsView: Body = () => `
<p>Defects of the lamp that are not closed, newest first.</p>
<div id="refresh-module-1184" class="refresh-module-id jira-table conf-macro output-block" data-hasbody="false" data-macro-name="jira" data-macro-id="${defectTable}">
<div class="jira-issues"><table class="aui"><thead><tr><th>Key</th><th>Summary</th><th>Status</th></tr></thead><tbody>
<tr><td><a href="https://tracker.example.com/browse/LAMP-57">LAMP-57</a></td><td>Parking light drains the cell in cold weather</td><td><span class="aui-lozenge">Open</span></td></tr>
<tr><td><a href="https://tracker.example.com/browse/LAMP-52">LAMP-52</a></td><td>Button needs two presses after rain</td><td><span class="aui-lozenge">In progress</span></td></tr>
</tbody></table></div></div>
<p>Anything older than a quarter is either a decision or a duplicate.</p>`

export const lampV1: Body = () =>
  '<p>Version 1 had a switch and a bulb. It is still the one that is easiest to repair.</p>'

export const firmwareNews: Body = ({ write: { link, emoji } }) => `
<p>${link('Lamp firmware 2.4', { text: 'Firmware 2.4' })} is out. Walk your bicycle home without a disco. ${emoji('tada', '🎉', 'cheeky')}</p>`
