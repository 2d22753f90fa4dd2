/**
 * The space RIDERS: help for everybody, signed in or not, with a corner for dealers.
 *
 * @module
 */

import type { WorldNode, WorldSpace } from '../world.ts'
import { csv, epub, png, text as textFile } from './files.ts'
import * as text from './riders-pages.ts'
import type { Body, Sample } from './sample.ts'

export function addRiders(sample: Sample): void {
  const { world, groups } = sample
  const { ebba } = sample.people
  const space = world.addSpace('RIDERS', 'Rider help', {
    type: sample.flavour === 'cloud' ? 'knowledge_base' : 'global',
    description: 'For everyone who rides a Halyard.',
    author: ebba,
  })
  sample.allow(space, world.crawler, 'Admin')
  sample.allow(space, groups.care, 'Admin')
  sample.allow(space, 'anonymous-users', 'Viewer')
  sample.allow(space, groups.dealers, 'Viewer')
  sample.allow(space, sample.everyone, 'Collaborator')
  const home = world.addPage(space, 'Rider help', { body: text.home(sample), author: ebba, version: 9 })
  space.homepageId = home.id

  addCare(sample, home)
  addDealers(sample, home)
  addPost(sample, space)
}

function addCare(sample: Sample, home: WorldNode): void {
  const { world } = sample
  const { ebba, rafael, tomas } = sample.people
  const page = (under: WorldNode, title: string, body: Body, labels: readonly string[] = ['care']) =>
    world.addPage(under, title, { body: body(sample), labels, author: ebba })

  const chain = page(home, 'Look after your chain', text.chain, ['care', 'how-to'])
  world.addAttachment(chain, 'chain.png', { ...chainPicture, author: ebba })
  const oil = world.addComment(chain, '<p>Which oil in winter?</p>', { author: rafael })
  world.addComment(oil, '<p>The thick one. It collects more dirt, and stays.</p>', { author: ebba })
  page(home, 'Tyre pressure', text.tyres, ['care', 'how-to'])
  page(home, 'The lamp does not charge', text.charging, ['lamp'])
  const sizes = page(home, 'Which size fits me?', text.sizes)
  world.addAttachment(sizes, 'sizes.csv', { ...sizeTable, author: ebba })
  const warranty = page(home, 'Warranty', text.warranty, [])
  page(warranty, 'What we need from you', text.warrantyClaim, [])
  page(home, 'Recall: forks of 2021', text.recall, ['safety'])
  page(home, 'Questions & answers', text.questions, [])
  const first = page(home, 'Getting started', text.firstRide, ['how-to'])
  world.addAttachment(first, 'riders-book.epub', { ...ridersBook, author: ebba })
  const notes = page(home, 'Licences of the lamp firmware', text.licences, ['lamp'])
  world.addAttachment(notes, 'NOTICE.txt', { ...notice, author: tomas })
}

function addDealers(sample: Sample, home: WorldNode): void {
  const { world, groups } = sample
  const { ebba, rafael, dealers } = sample.people
  const corner = world.addPage(home, 'For dealers', {
    body: text.dealers(sample),
    read: [groups.dealers, groups.care, groups.readers],
    author: ebba,
  })
  world.addPage(corner, 'Returns', { body: text.returns(sample), author: ebba })
  world.addPage(corner, 'Dealer prices 2025', {
    body: text.prices(sample),
    read: [rafael, groups.readers, ...dealers.slice(0, 210)],
    author: rafael,
  })
}

function addPost(sample: Sample, space: WorldSpace): void {
  const { ebba, mira } = sample.people
  const body = text.summerRide(sample)
  const post = sample.world.addBlogPost(space, 'Ride with us in June', {
    body,
    author: ebba,
    labels: ['ride'],
  })
  sample.world.addComment(post, '<p>I bring the pump.</p>', { author: mira })
}

const chainPicture = png(48, 12, (x, y) =>
  ((x % 12) - 6) ** 2 + (y - 6) ** 2 < 20 ? [90, 90, 96] : [236, 233, 224],
)

const sizeTable = csv(['inside leg cm', 'frame'], ['74-79', 50], ['80-85', 54], ['86-91', 58])

const notice = textFile('The lamp firmware contains no third-party code but the C library of its compiler.\n')

const ridersBook = epub('The rider’s book', {
  'Before the first ride': ['Turn every bolt a quarter, and then not again.', 'Pump the tyres.'],
  'After the first winter': ['Let the workshop look at the chain and at the bearings.'],
})
