/**
 * Files of the handbook.
 *
 * @module
 */

import { csv, docx, json, odt, pdf, png, pptx, rtf, svg, tsv, xls, xlsx } from './files.ts'

export const mark = svg(
  120,
  80,
  '<path d="M60 8 L96 18 L60 28 Z" fill="#c8442b"/><circle cx="30" cy="56" r="18" fill="none" stroke="#222" stroke-width="4"/>' +
    '<circle cx="90" cy="56" r="18" fill="none" stroke="#222" stroke-width="4"/>',
)

export const heightProfile = png(92, 40, (x, y) => {
  const ground = 34 - 10 * Math.exp(-(((x - 25) / 9) ** 2)) - 24 * Math.exp(-(((x - 66) / 12) ** 2))
  return y > ground ? [96, 125, 92] : [214, 230, 240]
})

export const swatches = png(
  64,
  16,
  (x) =>
    (
      [
        [27, 73, 101],
        [200, 68, 43],
        [240, 196, 76],
        [84, 98, 84],
      ] as const
    )[x >> 4]!,
)

export const rideMarks = csv(
  ['rider', 'frame', 'comfort', 'tracking', 'gravel'],
  ['A', 'steel', 4, 4, 5],
  ['B', 'steel', 4, 5, 5],
  ['C', 'aluminium', 3, 4, 3],
)

export const rates = csv(
  ['kind', 'unit', 'rate'],
  ['bicycle', 'km', 0.35],
  ['car', 'km', 0.3],
  ['meal', 'day', 28],
)

export const expenseForm = pdf(
  'Halyard Cycles',
  'Expenses',
  '',
  'Name:',
  'Date:',
  'Kilometres:',
  'Signature:',
)

export const travelRules = docx(
  {
    heading: 'Before you travel',
    paragraphs: [
      'Take the train where it takes less than six hours.',
      'Ask the person named on the page of your team before you book a flight.',
    ],
  },
  {
    heading: 'What we pay',
    paragraphs: ['Bring the receipts within two weeks. We pay them with the next wages.'],
    table: [
      ['Kind', 'Limit'],
      ['Hotel, a night', '140'],
      ['Meals, a day', '28'],
    ],
  },
)

export const expenses = xlsx({
  'First half': [
    ['month', 'trips', 'paid'],
    ['January', 3, 812.5],
    ['February', 1, 96],
    ['March', 4, 1204.2],
  ],
  'Second half': [
    ['month', 'trips', 'paid'],
    ['July', 2, 310],
    ['September', 5, 1499.9],
  ],
})

export const oldKilometres = xls(['rider', 'kilometres'], ['Oleg', 412], ['Sofia', 1038])

export const hotels = tsv(
  ['city', 'hotel', 'bicycle shed'],
  ['Gothenburg', 'Lilla Bommen', 'yes'],
  ['Hamburg', 'Am Speicher', 'no'],
)

export const firstWeek = pptx(
  { title: 'Your first week', points: ['Monday: keys and shoes', 'Tuesday: a wheel of your own'] },
  {
    title: 'Whom to ask',
    points: ['The person named at the top of a page', 'Anybody at the long table'],
    notes: 'Show them the long table.',
  },
)

export const accounts = json({
  accounts: [
    { tool: 'Confluence', asked_of: 'Hannah', ready_after_days: 0 },
    { tool: 'Time sheets', asked_of: 'Rafael', ready_after_days: 2 },
  ],
})

export const emergencyCard = rtf(
  'In an emergency',
  'Call 112 first, and then the night watch.',
  'Meet at the crane on the quay. Nobody goes back in for a bicycle.',
)

export const budget = odt({
  heading: 'Budget 2026',
  paragraphs: [
    'The board plans with 410 bicycles, twelve more than in the year before.',
    'A second paint booth waits until the autumn.',
  ],
})
