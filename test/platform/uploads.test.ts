import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Element } from '../../src/model/element.ts'
import type { RunEvent } from '../../src/model/events.ts'
import { run } from '../../src/pipeline/run.ts'
import { stepsOf, validateNodes } from '../../src/platform/nodes.ts'
import type { Config, Upload } from '../../src/platform/platform.ts'
import { keepUploads, mostUploadBytes, mostUploads } from '../../src/platform/upload-files.ts'
import { createOutputsDestination, createUploadsSource } from '../../src/platform/uploads.ts'
import type { Store } from '../../src/store/index.ts'
import { onBothDatabases, postgresServer } from './stores.ts'

const server = await postgresServer()

const upload = (
  filename: string,
  content: string | Uint8Array = '<p>Hello.</p>',
  mediaType = '',
): Upload => ({
  filename,
  mediaType,
  content: typeof content === 'string' ? Buffer.from(content) : content,
})

onBothDatabases((newStore) => {
  let store: Store
  beforeAll(async () => {
    store = await newStore()
  })

  const keep = async (uploads: readonly Upload[], job: string = randomUUID()) => {
    await store.transaction((records) => keepUploads(records, job, uploads))
    return { job, files: await store.records.jobFiles.list(job, 'input') }
  }

  /** Runs the job's files through a partitioner. */
  async function done(uploads: readonly Upload[], settings: Config = {}) {
    const { job, files } = await keep(uploads)
    const nodes = validateNodes([{ name: 'P', type: 'partition', subtype: 'unstructured_api', settings }])
    const { jobFiles } = store.records
    const node = nodes.at(-1)!.id
    const workflow = {
      source: createUploadsSource({ job, files: jobFiles }),
      steps: await stepsOf(nodes),
      destination: createOutputsDestination({ job, node, files: jobFiles }),
    }
    const events: RunEvent[] = []
    for await (const event of run(workflow)) events.push(event)
    const outputs: Record<string, readonly Element[]> = {}
    for (const { fileId, filename } of files) {
      const content = await jobFiles.content(job, 'output', fileId, node)
      if (content) outputs[filename] = JSON.parse(Buffer.from(content).toString('utf8'))
    }
    return { job, files, events, outputs, node }
  }

  describe('ids of files', () => {
    it.each([
      ['2507.13305v1.pdf', /^250713305v1-[0-9a-f]{8}\.pdf$/],
      ['a.tar.gz', /^atar-[0-9a-f]{8}\.gz$/],
      ['Größe & Maße.html', /^Größe_Maße-[0-9a-f]{8}\.html$/],
      ['../../etc/passwd', /^passwd-[0-9a-f]{8}$/],
      ['C:\\Temp\\x y.htm', /^x_y-[0-9a-f]{8}\.htm$/],
      ['.htaccess', /^htaccess-[0-9a-f]{8}$/],
      ['"><script>.html', /^_script_-[0-9a-f]{8}\.html$/],
      ['\ud800.html', /^_-[0-9a-f]{8}\.html$/],
      ['😀'.repeat(120), /^_-[0-9a-f]{8}$/],
      ['x'.repeat(250), /^x{100}-[0-9a-f]{8}$/],
    ])('of %j', async (filename, expected) => {
      const { files } = await keep([upload(filename)])
      expect(files[0]!.fileId).toMatch(expected)
    })
  })

  it('knows what a file is by its type, its name, or its beginning', async () => {
    const uploads = [
      upload('a', 'x', 'text/html; charset=latin1'),
      upload('b.HTM', 'x', 'application/octet-stream'),
      upload('c', '<!-- x -->\n<!DOCTYPE html><title>y</title>'),
      upload('d.html', 'x', 'text/plain'),
      upload('e.pdf', '%PDF', 'application/octet-stream'),
      upload('f', 'x'),
      upload('g.__proto__', 'x'),
    ]
    const { files } = await keep(uploads)
    expect(Object.fromEntries(files.map((file) => [file.filename, file.mediaType]))).toEqual({
      a: 'text/html; charset=latin1',
      'b.HTM': 'text/html',
      c: 'text/html',
      'd.html': 'text/html',
      'e.pdf': 'application/pdf',
      f: 'application/octet-stream',
      'g.__proto__': 'application/octet-stream',
    })
  })

  it.each([
    [
      'upload.too_many',
      Array.from({ length: mostUploads + 1 }, (_, index) => upload(`${index}`)),
      'input_files',
    ],
    [
      'upload.too_large',
      [upload('ok'), upload('large', new Uint8Array(mostUploadBytes + 1))],
      'input_files.1',
    ],
    ['upload.name_invalid', [upload('')], 'input_files.0'],
    ['upload.name_invalid', [upload('..')], 'input_files.0'],
    ['upload.name_invalid', [upload('a\0b')], 'input_files.0'],
    ['upload.name_invalid', [upload('folder/')], 'input_files.0'],
    ['upload.name_invalid', [upload('x'.repeat(256))], 'input_files.0'],
  ])('refuses with %s, and keeps nothing', async (code, uploads, field) => {
    const job = randomUUID()
    await expect(keep(uploads, job)).rejects.toMatchObject({ kind: 'config', code, fields: [{ field }] })
    expect(await store.records.jobFiles.list(job, 'input')).toEqual([])
  })

  it('takes as much as it says', async () => {
    const content = new Uint8Array(mostUploadBytes).fill(120)
    const { job, files } = await keep(
      Array.from({ length: 2 }, (_, index) => upload(`${index}.html`, content)),
    )
    expect(files.map(({ size }) => size)).toEqual([mostUploadBytes, mostUploadBytes])
    expect(await store.records.jobFiles.content(job, 'input', files[0]!.fileId)).toEqual(content)
  })

  it('runs through the pipeline, and keeps what comes of it', async () => {
    const uploads = [
      upload('Guide.v2.html', '<h1 id="top">Lamps</h1><p>We sell lamps. <a href="/all">All of them</a>.</p>'),
      upload('empty.html', ''),
      upload('tune.mid', 'MThd\0\0\0\u0006'),
    ]
    const { job, files, events, outputs } = await done(uploads)
    const idOf = (name: string) => files.find(({ filename }) => filename === name)!.fileId
    expect(events.at(-1)).toMatchObject({
      type: 'job.finished',
      outcome: 'finished',
      coverage: { found: 3, done: 2, unsupported: 1 },
    })
    expect(events.find(({ type }) => type === 'document.unsupported')).toMatchObject({
      document: { title: 'tune.mid', kind: 'file' },
      reason: expect.stringContaining('is of no type that can be read'),
    })
    expect(Object.keys(outputs).sort()).toEqual(['Guide.v2.html', 'empty.html'])
    expect(outputs['empty.html']).toEqual([])
    const fileId = idOf('Guide.v2.html')
    const [title, paragraph] = outputs['Guide.v2.html']!
    expect(title).toMatchObject({ type: 'Title', text: 'Lamps' })
    expect(paragraph!.metadata).toMatchObject({
      filename: fileId,
      filetype: 'text/html',
      languages: ['eng'],
      link_urls: ['/all'],
      data_source: {
        version: '1',
        record_locator: { job_id: job, document_id: fileId },
        permissions_data: [
          { read: { users: [], groups: [] } },
          { update: { users: [], groups: [] } },
          { delete: { users: [], groups: [] } },
        ],
        permissions_status: 'unknown',
      },
    })
    expect(paragraph!.metadata.data_source).not.toHaveProperty('url')
  })

  it('reads files in the encoding that was chosen, or that they say', async () => {
    const { outputs } = await done([
      upload(
        'said.html',
        Buffer.from('<p>Grün ist die Lampe.</p>', 'latin1'),
        'text/html; charset=iso-8859-1',
      ),
    ])
    expect(outputs['said.html']![0]!.text).toBe('Grün ist die Lampe.')
    const cyrillic = Buffer.from('3c703ecbcfd4cad13c2f703e', 'hex')
    const chosen = await done([upload('chosen.html', cyrillic)], { encoding: 'koi8_r' })
    expect(chosen.outputs['chosen.html']![0]!.text).toBe('котйя')
  })

  it('fails a file that is gone, alone', async () => {
    const { job } = await keep([upload('a.html')])
    const { jobFiles } = store.records
    const source = createUploadsSource({ job, files: { ...jobFiles, content: async () => undefined } })
    const { signal } = new AbortController()
    for await (const listed of source.index({ signal, emit: () => {} })) {
      if (listed.type !== 'document') throw new Error('no document')
      await expect(source.download(listed.document, { signal })).rejects.toMatchObject({
        code: 'upload.not_there',
      })
    }
  })

  it('is deleted after a while, unless its job is still to be done', async () => {
    const old = await done([upload('old.html')])
    const waiting = randomUUID()
    await store.records.jobs.insert({
      ...{ id: waiting, workspace: 'acme', workflow: randomUUID(), workflowName: 'x', jobType: 'ephemeral' },
      ...{ plan: { sources: [], destinations: [], nodes: [] }, options: {} },
    })
    await keep([upload('waits.html')], waiting)
    const { jobFiles } = store.records
    expect(await jobFiles.deleteBefore(new Date(Date.now() - 3_600_000))).toBe(0)
    expect(await jobFiles.deleteBefore(new Date(Date.now() + 1000))).toBeGreaterThanOrEqual(2)
    expect(await jobFiles.list(old.job, 'input')).toEqual([])
    expect(await jobFiles.list(old.job, 'output')).toEqual([])
    expect(await jobFiles.list(waiting, 'input')).toHaveLength(1)
  })
}, server)
