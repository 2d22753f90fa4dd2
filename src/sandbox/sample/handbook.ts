/**
 * The space HANDBOOK: for everybody in the company, with corners for a few.
 *
 * @module
 */

import { ADMINISTER, EDIT } from '../principals.ts'
import type { WorldNode, WorldSpace } from '../world.ts'
import * as files from './handbook-files.ts'
import * as text from './handbook-pages.ts'
import * as people from './handbook-people.ts'
import type { Body, Sample } from './sample.ts'

export function addHandbook(sample: Sample): void {
  const { world, write, flavour } = sample
  const { hannah, sofia } = sample.people
  const space = world.addSpace('HANDBOOK', 'Handbook', {
    description: 'How Halyard Cycles works.',
    author: hannah,
  })
  world.grant(space, world.crawler, ADMINISTER)
  world.grant(space, hannah, ADMINISTER)
  world.grant(space, sample.everyone, EDIT)
  const home = world.addPage(space, 'Welcome', { body: text.welcome(sample), author: hannah, version: 12 })
  space.homepageId = home.id
  world.addAttachment(home, 'halyard-mark.svg', { ...files.mark, author: sofia, comment: 'Final version' })

  addWork(sample, home)
  addPeople(sample, home)
  addBoard(sample, home)
  addOddments(sample, home, space)
  world.addPage(home, 'Notice board', {
    body: people.noticeBoard(sample),
    ...(flavour === 'cloud' && { live: true }),
  })
  world.addComment(home, `<p>Could the calendar be on the front page? ${write.mention(hannah)}</p>`, {
    author: sofia,
  })
}

function addWork(sample: Sample, home: WorldNode): void {
  const { world } = sample
  const { hannah, mira, tomas, jonas, priya } = sample.people
  const page = (under: WorldNode, title: string, body: Body, labels: readonly string[] = []) =>
    world.addPage(under, title, { body: body(sample), labels, author: hannah })

  const work = page(home, 'How we work', text.howWeWork)
  const hours = page(work, 'Working hours and holidays', text.workingHours, ['new-here', 'hours'])
  const question = world.addComment(hours, '<p>Does this hold for apprentices as well?</p>', {
    author: jonas,
    inline: { selection: 'taken back within six weeks', markerRef: text.overtimeMarker },
  })
  world.addComment(question, '<p>Yes, and school days count as eight hours.</p>', { author: hannah })
  page(work, 'Shop calendar', text.calendar, ['hours'])
  const meetings = page(work, 'Meetings we keep', text.meetings, ['new-here'])
  const thanks = world.addComment(meetings, '<p>The drawing hour moved to <strong>14:00</strong>.</p>', {
    author: mira,
  })
  const answer = world.addComment(thanks, '<p>Noted, and changed above.</p>', { author: hannah })
  world.addComment(answer, '<p>Thank you!</p>', { author: mira })

  const decisions = page(work, 'Decisions and how we keep them', text.decisions, ['decision'])
  const steel = page(decisions, 'Decision: steel for the Skerry', text.steel, ['decision', 'frame'])
  const protocol = page(steel, 'Trial ride protocol', text.trialProtocol, ['frame'])
  const loop = world.addPage(protocol, 'Trial ride: cape loop', {
    body: text.capeLoop(sample),
    author: priya,
    version: 3,
  })
  world.addAttachment(loop, 'cape-loop.png', { ...files.heightProfile, author: priya })
  world.addAttachment(loop, 'marks.csv', { ...files.rideMarks, author: priya, labels: ['frame'] })
  world.addComment(loop, '<p>Whose was the brown glove?</p>', { author: tomas, resolution: 'resolved' })
}

function addPeople(sample: Sample, home: WorldNode): void {
  const { world, groups, folder } = sample
  const { hannah, tomas } = sample.people
  const joining = world.addPage(home, 'Joining us', {
    body: people.joining(sample),
    labels: ['new-here'],
    author: hannah,
  })
  const newcomers = { labels: ['new-here'], author: hannah }
  world.addPage(joining, 'Your first week', { body: people.firstWeek(sample), ...newcomers, version: 6 })
  const tools = world.addPage(joining, 'Tools and accounts', { body: people.accounts(sample), ...newcomers })
  world.addAttachment(joining, 'first-week.pptx', { ...files.firstWeek, author: hannah })
  world.addAttachment(tools, 'accounts.json', { ...files.accounts, author: hannah })

  const pay = folder(joining, 'Pay and contracts', {
    read: [groups.peopleTeam, groups.leadership, groups.readers],
    author: hannah,
  })
  const contracts = world.addPage(pay, 'Contract types', {
    body: people.contractTypes(sample),
    author: hannah,
  })
  world.addPage(contracts, 'Apprentice contracts', {
    body: people.apprentices(sample),
    read: [groups.peopleTeam, groups.readers, tomas],
    author: hannah,
  })
  const bands = world.addPage(pay, 'Salary bands', {
    body: people.salaryBands(sample),
    read: [groups.peopleTeam],
    author: hannah,
  })
  world.addPage(bands, 'Salary bands: worked examples', {
    body: people.salaryExamples(sample),
    author: hannah,
  })
  const emergency = world.addPage(home, 'In an emergency', {
    body: people.emergency(sample),
    read: [groups.nightWatch, groups.leadership, groups.readers],
    update: [hannah],
    author: hannah,
  })
  world.addAttachment(emergency, 'emergency-card.rtf', { ...files.emergencyCard, author: hannah })
}

function addBoard(sample: Sample, home: WorldNode): void {
  const { world, groups } = sample
  const { sofia } = sample.people
  const board = world.addPage(home, 'Board', {
    body: people.board(sample),
    read: [groups.leadership, groups.readers],
    author: sofia,
  })
  const minutes = { labels: ['minutes'], author: sofia }
  world.addPage(board, 'Board minutes 2025-02-11', { body: people.boardFebruary(sample), ...minutes })
  const may = world.addPage(board, 'Board minutes 2025-05-20', {
    body: people.boardMay(sample),
    ...minutes,
    read: [sofia, groups.readers],
  })
  world.addAttachment(may, 'budget-2026.odt', { ...files.budget, author: sofia })
}

/** What every grown wiki has: files, an empty page, things put away, drafts, posts. */
function addOddments(sample: Sample, home: WorldNode, space: WorldSpace): void {
  const { world } = sample
  const { hannah, rafael, oleg, mira, nadia } = sample.people
  const travel = world.addPage(home, 'Travel & expenses', {
    body: text.travel(sample),
    author: rafael,
    version: 4,
  })
  world.addAttachment(travel, 'rates-2025.csv', { ...files.rates, author: rafael })
  world.addAttachment(travel, 'expense-form.pdf', { ...files.expenseForm, author: rafael })
  world.addAttachment(travel, 'travel-rules.docx', { ...files.travelRules, author: rafael })
  world.addAttachment(travel, 'expenses-2024.xlsx', { ...files.expenses, author: rafael })
  world.addAttachment(travel, 'kilometres-2003.xls', { ...files.oldKilometres, author: oleg })
  world.addAttachment(travel, 'hotels.tsv', { ...files.hotels, author: rafael })
  world.addComment(travel, '<p>The form has no field for the tax number.</p>', { author: nadia })
  world.addPage(home, 'Glossary', { body: text.glossary(sample), author: mira, labels: ['new-here'] })
  world.addPage(home, 'Plants in the office', { author: oleg })

  world.archive(
    world.addPage(home, 'Travel rules until 2022', { body: people.oldTravelRules(sample), author: oleg }),
  )
  world.trash(
    world.addPage(home, 'Wi-Fi in the old building', {
      body: '<p>The password was on the door.</p>',
      author: oleg,
    }),
  )
  const survey = { body: '<p>Do you like soup?</p>', status: 'draft', author: hannah } as const
  world.addPage(home, 'Canteen survey', survey)

  const moved = world.addBlogPost(space, 'The paint shop has moved', {
    body: people.paintShop(sample),
    author: hannah,
  })
  world.addAttachment(moved, 'swatches.png', { ...files.swatches, author: hannah })
  const news = { body: people.newApprentice(sample), author: hannah, labels: ['people'] }
  const post = world.addBlogPost(space, 'Meet our new apprentice', news)
  world.addComment(post, '<p>Why did it break?</p>', { author: mira })
}
