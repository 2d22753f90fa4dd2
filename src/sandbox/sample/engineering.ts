/**
 * The space ENG: for engineers and the workshop, readable for everybody with a licence.
 *
 * @module
 */

import type { WorldNode, WorldSpace } from '../world.ts'
import * as files from './engineering-files.ts'
import * as lamp from './engineering-lamp.ts'
import * as text from './engineering-pages.ts'
import type { Body, Sample } from './sample.ts'

export function addEngineering(sample: Sample): void {
  const { world, groups } = sample
  const { mira, yuki, jonas } = sample.people
  const space = world.addSpace('ENG', 'Engineering', {
    description: 'Frames, lamps and test rigs.',
    author: mira,
  })
  sample.allow(space, world.crawler, 'Admin')
  sample.allow(space, mira, 'Admin')
  sample.allow(space, groups.engineers, 'Collaborator')
  sample.allow(space, groups.workshop, 'Collaborator')
  sample.allow(space, sample.everyone, 'Viewer')
  const home = world.addPage(space, 'Engineering home', { body: text.home(sample), author: mira })
  space.homepageId = home.id
  world.addPage(home, 'Getting started', {
    body: text.gettingStarted(sample),
    labels: ['new-here'],
    author: yuki,
  })

  addFrames(sample, home)
  addLamp(sample, home, space)
  addBench(sample, home)
  addLooseEnds(sample, home)
  world.addComment(home, '<p>The list of releases is empty for me. Is that my account?</p>', {
    author: jonas,
  })
}

function addFrames(sample: Sample, home: WorldNode): void {
  const { world } = sample
  const { mira, tomas, rafael, priya } = sample.people
  const page = (under: WorldNode, title: string, body: Body, labels: readonly string[] = ['frame']) =>
    world.addPage(under, title, { body: body(sample), labels, author: mira })

  const frames = page(
    home,
    'Frames',
    ({ write }) => `<p>The Skerry, and what comes after it.</p>${write.children()}`,
  )
  const geometry = page(frames, 'Frame geometry', text.geometry)
  world.addAttachment(geometry, 'geometry.svg', { ...files.sideView, author: mira })
  const lugs = page(geometry, 'Lug library', text.lugs, ['frame', 'lug'])
  const lug = page(lugs, 'Lug L-104', text.lug104, ['lug'])
  world.addPage(lug, 'L-104: brazing record <2025/03>', {
    body: text.brazing(sample),
    author: tomas,
    labels: ['lug'],
  })
  const tubing = world.addPage(frames, 'Tubing & suppliers', {
    body: text.tubing(sample),
    update: [rafael, mira],
    author: rafael,
    version: 21,
  })
  world.addAttachment(tubing, 'suppliers.xml', { ...files.suppliers, author: rafael })
  world.addAttachment(tubing, 'order.eml', { ...files.order, author: mira })
  world.addAttachment(tubing, 'offer.msg', { ...files.offer, author: rafael })
  world.addPage(frames, '部品表の読み方', { body: text.japanese(sample), author: priya })
}

function addLamp(sample: Sample, home: WorldNode, space: WorldSpace): void {
  const { world } = sample
  const { yuki, oleg, ebba } = sample.people
  const root = world.addPage(home, 'Lamp', { body: lamp.lamp(sample), author: yuki })
  const page = (title: string, body: Body, more: { labels?: readonly string[]; view?: string } = {}) =>
    world.addPage(root, title, { body: body(sample), author: yuki, ...more })

  const build = page('Build and flash', lamp.buildAndFlash, { labels: ['firmware', 'how-to'] })
  world.addComment(build, '<p>Works with the new cable, too.</p>', { author: oleg })
  const bus = page('Protocol of the lamp bus', lamp.protocol, { labels: ['firmware'] })
  world.addAttachment(bus, 'protocol.md', { ...files.protocol, author: yuki })
  world.addAttachment(bus, 'blink.py', { ...files.blink, author: yuki })
  world.addAttachment(bus, 'telemetry.ndjson', { ...files.telemetry, author: yuki })
  page('Lamp firmware 2.4', lamp.release24, { labels: ['release'], view: lamp.release24View(sample) })
  page('Lamp firmware 2.5', lamp.release25, { labels: ['release'] })
  page('Open defects', lamp.openDefects, { view: lamp.openDefectsView(sample) })
  page('../ in build scripts', text.relativePaths, { labels: ['how-to'] })
  world.archive(page('Lamp, version 1', lamp.lampV1))
  const news = world.addBlogPost(space, 'Firmware 2.4 is out', {
    body: lamp.firmwareNews(sample),
    author: yuki,
  })
  world.addComment(news, '<p>Riders noticed before we had told them.</p>', { author: ebba })
}

function addBench(sample: Sample, home: WorldNode): void {
  const { world, groups } = sample
  const { priya, tomas } = sample.people
  const page = (under: WorldNode, title: string, body: Body, view?: string) =>
    world.addPage(under, title, {
      body: body(sample),
      author: priya,
      labels: ['bench'],
      ...(view !== undefined && { view }),
    })

  const bench = page(home, 'Test bench', text.bench)
  const rig = page(bench, 'Fatigue rig', text.fatigue)
  const doubt = world.addComment(rig, '<p>Is that often enough for the thin stays?</p>', {
    author: tomas,
    resolution: 'resolved',
    inline: { selection: 'every 10,000 cycles', markerRef: text.cyclesMarker },
  })
  world.addComment(doubt, '<p>The dye shows cracks at 15,000 at the earliest.</p>', { author: priya })
  const calibration = page(rig, 'Calibration of the rig', text.calibration)
  world.addAttachment(calibration, 'bearing-6902.html', { ...files.datasheet, author: priya })
  page(bench, 'Spoke tension', text.tension, text.tensionView(sample))
  page(bench, 'Safety digest', text.digest)
  world.addPage(bench, 'Incident: guard left open', {
    body: text.incident(sample),
    read: [groups.engineers, groups.readers],
    author: priya,
    labels: ['bench', 'safety'],
  })
}

function addLooseEnds(sample: Sample, home: WorldNode): void {
  const { world, folder, flavour } = sample
  const { mira, yuki } = sample.people
  const shelf = folder(home, 'Drawings', { author: mira })
  const index = world.addPage(shelf, 'Index of drawings', { body: text.drawings(sample), author: mira })
  world.addAttachment(index, 'skerry-54 (2025-05).pdf', { ...files.drawing, author: mira, labels: ['frame'] })
  if (flavour !== 'cloud') return
  world.addNode('whiteboard', home, 'Lamp, next generation', { author: yuki })
  world.addNode('database', shelf, 'Bearings', { author: mira })
  world.addNode('embed', shelf, 'Photographs of the loft', { author: mira })
}
