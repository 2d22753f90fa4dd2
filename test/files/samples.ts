/**
 * One small good file of each format, made here.
 *
 * @module
 */

import { docxOf } from '../../src/sandbox/files/docx.ts'
import { epubOf } from '../../src/sandbox/files/epub.ts'
import { msgOf } from '../../src/sandbox/files/msg.ts'
import { odtOf } from '../../src/sandbox/files/odt.ts'
import { lineAt, pdfOf, textAt } from '../../src/sandbox/files/pdf.ts'
import { pptxOf } from '../../src/sandbox/files/pptx.ts'
import { double, longs, record, words, xlsOf } from '../../src/sandbox/files/xls.ts'
import { xlsxOf } from '../../src/sandbox/files/xlsx.ts'

const paragraph = (text: string) => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`
const cell = (text: string) => `<w:tc>${paragraph(text)}</w:tc>`

const shape = (text: string) =>
  `<p:sp><p:nvSpPr><p:nvPr><p:ph type="body" idx="1"/></p:nvPr></p:nvSpPr><p:txBody><a:p><a:r><a:t>${text}</a:t></a:r></a:p></p:txBody></p:sp>`
const chartFrame =
  '<p:graphicFrame><a:graphic><a:graphicData><c:chart r:id="chart"/></a:graphicData></a:graphic></p:graphicFrame>'

const mail = [
  ...['From: Ada <ada@example.com>', 'To: Ben <ben@example.com>', 'Subject: Lamps', 'MIME-Version: 1.0'],
  ...['Date: Fri, 16 Jan 2026 17:04:16 +0100', 'Content-Type: multipart/mixed; boundary="b"', '', '--b'],
  ...['Content-Type: text/html; charset=utf-8', '', '<p>The lamps are <b>here</b>.</p>', '--b'],
  ...[
    'Content-Type: text/plain',
    'Content-Disposition: attachment; filename="a.txt"',
    '',
    'We count them today.',
    '--b--',
    '',
  ],
].join('\r\n')

/** By file name; the ending tells the format. */
export const samples: Readonly<Record<string, Buffer>> = {
  'a.docx': docxOf({
    body: `${paragraph('We walked home.')}<w:tbl><w:tr>${cell('one')}${cell('two')}</w:tr></w:tbl>${paragraph('The end is near.')}`,
  }),
  'a.pptx': pptxOf({
    slides: [
      { shapes: shape('Lamps'), notes: shape('Say hello.') },
      { shapes: `${shape('We walked home.')}${chartFrame}`, hidden: true },
    ],
    chart:
      '<c:ser><c:tx><c:v>Sales</c:v></c:tx><c:cat><c:v>May</c:v></c:cat><c:val><c:v>7</c:v></c:val></c:ser>',
  }),
  'a.xlsx': xlsxOf({
    sheets: [
      {
        inside:
          '<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="2"><c r="A2" s="1"><v>45658</v></c><c r="B2" s="2"><f>1/4</f><v>0.25</v></c></row></sheetData><mergeCells><mergeCell ref="A3:B3"/></mergeCells>',
      },
      { inside: '<sheetData><row><c t="inlineStr"><is><t>Lamps</t></is></c></row></sheetData>' },
    ],
    strings: ['day', 'share'],
  }),
  'a.xls': xlsOf({
    sheets: [
      [
        record(0x00fd, words(0, 0, 0), longs(0)),
        record(0x00fd, words(0, 1, 0), longs(1)),
        record(0x0203, words(1, 0, 1), double(45658)),
        record(0x00bd, words(2, 0, 0), longs(18), words(2), longs(4935), words(1)),
        record(0x00e5, words(1, 3, 3, 0, 1)),
      ],
    ],
    strings: ['day', 'share'],
  }),
  'a.odt': odtOf({
    body: '<text:h text:outline-level="1">Part</text:h><text:p>We walked home.</text:p><text:list><text:list-item><text:p>one</text:p></text:list-item></text:list>',
  }),
  'a.epub': epubOf({ chapters: ['<h1>One</h1><p>We walked home by the harbour.</p>'] }),
  'a.pdf': pdfOf({
    pages: [
      {
        content: `${textAt(72, 700, 'We walked home.')} ${lineAt(72, 600, 300, 600)} ${textAt(72, 500, 'The end is near.')}`,
      },
      { content: textAt(72, 700, 'Another page of it.') },
    ],
  }),
  'a.msg': Buffer.from(
    msgOf({ streams: { '0037001F': 'Lamps', '1000001F': 'We walked to the harbour.\r\n' } }),
  ),
  'a.eml': Buffer.from(mail),
  'a.rtf': Buffer.from(
    '{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}\\pard{\\b Lamps}\\par We walked \\u8364? home.\\par\\trowd\\cellx100\\cellx200 a\\cell b\\cell\\row}',
  ),
  'a.html': Buffer.from(
    '<h1>Lamps</h1><p>We <b>sell</b> them.</p><table><tr><td>a</td><td>b</td></tr></table>',
  ),
  'a.md': Buffer.from(
    '# Lamps\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```js\nlet a = 1\n```\n',
  ),
  'a.txt': Buffer.from('Lamps\n\nWe sell lamps to all of Europe.\n\n- one\n- two\n'),
  'a.csv': Buffer.from('size,count\nS,1\nM,"2,5"\n'),
  'a.json': Buffer.from('[{"type": "Title", "text": "Lamps", "metadata": {"page_number": 1}}]'),
  'a.ndjson': Buffer.from('{"a": 1}\n{"b": [2, 3]}\n'),
  'a.xml': Buffer.from('<?xml version="1.0"?><a><b>We sell lamps.</b><c d="e">Two &amp; three</c></a>'),
  'a.svg': Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>Lamp</title><text>On</text></svg>',
  ),
  'a.png': Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
}
