import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..', '..')

it('quotes programs that exist, to the letter', async () => {
  const pages = ['README.md', 'docs/second-run.md'].map((page) => readFile(join(root, page), 'utf8'))
  const text = (await Promise.all(pages)).join('\n')
  const quoted = [...text.matchAll(/<!-- (examples\/\S+) -->\n```\w+\n([\s\S]*?)```/g)]
  expect(quoted).toHaveLength(3)
  for (const [, path, quote] of quoted) expect(quote).toBe(await readFile(join(root, path!), 'utf8'))
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
