import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..', '..')

it('quotes programs that exist, to the letter', async () => {
  const readme = await readFile(join(root, 'README.md'), 'utf8')
  const quoted = [...readme.matchAll(/<!-- (examples\/\S+) -->\n```\w+\n([\s\S]*?)```/g)]
  expect(quoted.length).toBeGreaterThan(0)
  for (const [, path, text] of quoted) expect(text).toBe(await readFile(join(root, path!), 'utf8'))
})

it('links to pages that exist', async () => {
  const docs = (await readdir(join(root, 'docs'), { recursive: true })).filter((name) => name.endsWith('.md'))
  const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', ...docs.map((name) => join('docs', name))]
  const broken: string[] = []
  for (const page of pages) {
    const text = await readFile(join(root, page), 'utf8')
    for (const [, target] of text.matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)) {
      const exists = await stat(join(root, page, '..', target!)).then(
        () => true,
        () => false,
      )
      if (!exists) broken.push(`${page}: ${target}`)
    }
  }
  expect(broken).toEqual([])
})
