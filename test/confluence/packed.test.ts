import { expect, it } from 'vitest'
import type { Listed } from '../../src/model/contracts.ts'
import type { Element } from '../../src/model/element.ts'
import html from '../../src/partition/html.ts'
import { sampleWorld, startSandbox } from '../../src/sandbox/index.ts'
import confluence from '../../src/sources/confluence/index.ts'

const context = { signal: new AbortController().signal }
const partitioner = html({})

type ListedDocument = Extract<Listed, { type: 'document' }>

async function listedBy(source: ReturnType<typeof confluence>): Promise<readonly ListedDocument[]> {
  const found: ListedDocument[] = []
  for await (const listed of source.index({ ...context, emit: () => {} }))
    if (listed.type === 'document') found.push(listed)
  return found
}

const texts = (elements: readonly Element[]) => elements.map(({ text }) => text)

it('packs pages that show no others, and another process makes the same of them', async () => {
  const sandbox = await startSandbox({ world: sampleWorld(), flavour: 'cloud' })
  const { username, api_token } = sandbox.credentials
  const [one, other] = [0, 1].map(() => confluence({ url: sandbox.url, username, api_token })) as [
    ReturnType<typeof confluence>,
    ReturnType<typeof confluence>,
  ]
  const listed = await listedBy(one)
  const packed = listed.filter((each) => each.packed)
  expect(packed.length).toBeGreaterThan(listed.length / 3)
  expect(packed.length).toBeLessThan(listed.length)
  for (const { document, content, packed: pack } of packed) {
    const here = await partitioner.partition(await content!(context), document)
    const there = await other.unpack!(pack!(), document, context)
    expect(texts(await partitioner.partition(there, document))).toEqual(texts(here))
  }
  await Promise.all([one.close(), other.close(), sandbox.close()])
})

it('shows nothing of another page, whatever a packed body asks for: then the page is fetched anew', async () => {
  const world = sampleWorld()
  const sandbox = await startSandbox({ world, flavour: 'cloud' })
  const { username, api_token } = sandbox.credentials
  const source = confluence({ url: sandbox.url, username, api_token })
  const listed = await listedBy(source)
  const host = listed.find(({ document, packed }) => packed && document.title === 'Glossary')!
  const secret = listed.find(({ document }) => document.title === 'Notice board')!
  // The name of the macro is written so that a plain search does not find it.
  const include = `<ac:structured-macro ac:name="incl&#117;de"><ac:parameter ac:name=""><ac:link><ri:page ri:content-title="${secret.document.title}" /></ac:link></ac:parameter></ac:structured-macro>`
  const tampered = JSON.parse(host.packed!()) as { item: { body: string } }
  tampered.item.body = `<p>Only in the packed text.</p>${include}`
  const content = await source.unpack!(JSON.stringify(tampered), host.document, context)
  const fresh = await partitioner.partition(content, host.document)
  const known = await partitioner.partition(await host.content!(context), host.document)
  expect(texts(fresh)).toEqual(texts(known))
  await Promise.all([source.close(), sandbox.close()])
})

it('takes no page anew for readers that it was not listed for', async () => {
  const world = sampleWorld()
  const sandbox = await startSandbox({ world, flavour: 'cloud' })
  const { username, api_token } = sandbox.credentials
  const source = confluence({ url: sandbox.url, username, api_token })
  const host = (await listedBy(source)).find(({ document }) => document.title === 'Glossary')!
  const tampered = JSON.parse(host.packed!()) as { item: { body: string } }
  tampered.item.body = `<ac:structured-macro ac:name="incl&#117;de"><ac:parameter ac:name=""><ac:link><ri:page ri:content-title="Welcome" /></ac:link></ac:parameter></ac:structured-macro>`
  const { objectId } = host.document.place
  const page = world.list(world.spaces[0]!.id, 'page')
  const inWorld = Array.from({ length: page.length }, (_, at) => page.at(at)).find(
    ({ id }) => id === objectId,
  )!
  world.restrict(inWorld, 'read', [world.crawler])
  const other = confluence({ url: sandbox.url, username, api_token })
  await expect(other.unpack!(JSON.stringify(tampered), host.document, context)).rejects.toMatchObject({
    kind: 'content',
  })
  await Promise.all([source.close(), other.close(), sandbox.close()])
})
