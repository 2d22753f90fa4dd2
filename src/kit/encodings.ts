/**
 * Bytes of a file as text.
 *
 * @module
 */

/** What Python, whose names the contract takes, calls otherwise than the web does. */
const otherNames: Readonly<Record<string, string>> = {
  'latin-1': 'latin1',
  latin_1: 'latin1',
  'utf-8-sig': 'utf-8',
  utf_8_sig: 'utf-8',
  utf_16_le: 'utf-16le',
  utf_16_be: 'utf-16be',
  cp932: 'shift_jis',
  cp936: 'gbk',
  cp949: 'euc-kr',
  cp950: 'big5',
  mac_roman: 'macintosh',
}

/** The encoding of this name, as the web calls it: `windows-1252` for `latin-1`. `undefined` when nobody knows it. */
export function encodingNamed(name: string): string | undefined {
  const wanted = name.trim().toLowerCase()
  const candidates = [
    Object.hasOwn(otherNames, wanted) ? otherNames[wanted]! : wanted,
    wanted.replaceAll('_', '-'),
    wanted.replace('_', '-').replace(/^(iso)-?(\d+)[_-](\d+)$/, '$1-$2-$3'),
    wanted.replaceAll(/[_-]/g, ''),
  ]
  for (const candidate of candidates) {
    try {
      return new TextDecoder(candidate).encoding
    } catch {
      // The next one, perhaps.
    }
  }
  return undefined
}

/**
 * The text of a file. A byte order mark says it all; then an encoding that somebody chose; then, since hardly any other text is valid UTF-8,
 * UTF-8; then what the file or its sender says; and at last what browsers take.
 *
 * @param chosen name of an encoding; UTF-8 is everybody's default, so it counts only where the file really is
 * @param mediaType may say `charset=`
 */
export function decode(content: Uint8Array, chosen: string | undefined, mediaType: string): string {
  const encoding = chosen === undefined ? undefined : encodingNamed(chosen)
  const fixed = markedEncoding(content) ?? (encoding === 'utf-8' ? undefined : encoding)
  if (fixed !== undefined) return new TextDecoder(fixed).decode(content)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content)
  } catch {
    return new TextDecoder(saidEncoding(content, mediaType) ?? 'windows-1252').decode(content)
  }
}

/** The encoding that the bytes themselves leave no doubt of: by a byte order mark, or by the zeros that UTF-16 has in most letters. */
export function markedEncoding(content: Uint8Array): string | undefined {
  const [first, second, third] = content
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return unmarkedUtf16(content.subarray(0, head))
}

/** Western letters in UTF-16 have a zero in every other byte, and never two. */
function unmarkedUtf16(bytes: Uint8Array): string | undefined {
  const zeros = [0, 0]
  for (const [index, byte] of bytes.entries()) if (byte === 0) zeros[index % 2]! += 1
  const most = bytes.length / 2
  if (bytes.length < 8 || Math.min(...zeros) > most / 50) return undefined
  if (zeros[0]! > most / 2) return 'utf-16be'
  return zeros[1]! > most / 2 ? 'utf-16le' : undefined
}

/** Where browsers look for `<meta charset>`. */
const head = 1024

function saidEncoding(content: Uint8Array, mediaType: string): string | undefined {
  const charset = /charset\s*=\s*["']?\s*([\w.:-]+)/i
  const beginning = Buffer.from(content.subarray(0, head)).toString('latin1')
  const declared = /^<\?xml\s[^>]*?\bencoding\s*=\s*["']([\w.:-]+)/.exec(beginning)
  const names = [charset.exec(mediaType)?.[1], declared?.[1], charset.exec(beginning)?.[1]]
  return names.flatMap((name) => (name === undefined ? [] : (encodingNamed(name) ?? []))).at(0)
}
