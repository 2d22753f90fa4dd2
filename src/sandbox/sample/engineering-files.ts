/**
 * Files of the engineers.
 *
 * @module
 */

import { eml, msg, pdf, svg, text } from './files.ts'

export const sideView = svg(
  320,
  200,
  '<path d="M90 150 L130 60 L230 60 L160 150 Z M230 60 L250 150" fill="none" stroke="#333" stroke-width="5"/>' +
    '<circle cx="80" cy="150" r="40" fill="none" stroke="#999"/><circle cx="255" cy="150" r="40" fill="none" stroke="#999"/>',
)

export const drawing = pdf(
  'Skerry, size 54',
  'Date: 2025-05-06',
  'Seat tube 540',
  'Top tube 560',
  'Head angle 71.0',
)

export const protocol = text(
  `# Lamp protocol

The lamp speaks over one wire, 9,600 bits a second.

| byte | meaning |
|------|---------|
| 0x10 | on      |
| 0x11 | off     |

1. Wait for the line to be quiet.
2. Send one byte.
3. Expect the same byte back within 20 ms.

\`\`\`c
send(0x10);
\`\`\`
`,
  'text/markdown',
)

export const blink = text(
  `"""Lets the lamp blink, to find the one that does not."""

import time


def blink(lamp, times=3):
    for _ in range(times):
        lamp.on()
        time.sleep(0.2)
        lamp.off()
        time.sleep(0.2)
`,
  'text/x-python',
)

export const telemetry = text(
  `${[
    { second: 0, volts: 6.1, light: 'off' },
    { second: 1, volts: 5.8, light: 'on' },
  ]
    .map((line) => JSON.stringify(line))
    .join('\n')}\n`,
  'application/x-ndjson',
)

export const suppliers = text(
  `<?xml version="1.0" encoding="UTF-8"?>
<suppliers>
  <supplier town="Birmingham"><name>Severn Tubes</name><delivers>Tubes of 25CrMo4, drawn to order.</delivers></supplier>
  <supplier town="Osaka"><name>Naniwa Lugs</name><delivers>Cast lugs and dropouts.</delivers></supplier>
</suppliers>
`,
  'application/xml',
)

export const order = eml({
  from: 'Mira <mira@halyard.example>',
  to: 'Naniwa Lugs <orders@naniwa.example>',
  subject: 'Forty lugs L-104',
  date: 'Tue, 11 Mar 2025 09:30:00 +0100',
  paragraphs: [
    'Please send us forty lugs L-104, cast as in the drawing of March.',
    'We need them before Easter.',
  ],
})

export const offer = msg({
  from: 'Severn Tubes <sales@severn.example>',
  to: 'Mira <mira@halyard.example>',
  subject: 'Our offer for tubes',
  date: 'Wed, 12 Mar 2025 14:05:00 +0000',
  paragraphs: [
    'We offer 120 down tubes at the price of last year.',
    'The offer holds until the end of April.',
  ],
})

export const datasheet = text(
  `<!doctype html>
<html lang="en"><head><title>Bearing 6902</title></head>
<body><h1>Bearing 6902</h1><p>Fits the hub of the front wheel and of no other.</p>
<table><tr><th>inner</th><th>outer</th></tr><tr><td>15 mm</td><td>28 mm</td></tr></table></body></html>
`,
  'text/html',
)
