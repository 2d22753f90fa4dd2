/**
 * Languages of source files, by the endings of their names.
 *
 * @module
 */

import { extname } from 'node:path'

const languages: Readonly<Record<string, string>> = {
  bash: 'bash',
  bat: 'batch',
  c: 'c',
  cc: 'cpp',
  cfg: 'ini',
  clj: 'clojure',
  conf: 'ini',
  cpp: 'cpp',
  cs: 'csharp',
  css: 'css',
  dart: 'dart',
  diff: 'diff',
  erl: 'erlang',
  ex: 'elixir',
  go: 'go',
  gradle: 'groovy',
  groovy: 'groovy',
  h: 'c',
  hpp: 'cpp',
  hs: 'haskell',
  ini: 'ini',
  java: 'java',
  jl: 'julia',
  js: 'javascript',
  jsx: 'javascript',
  kt: 'kotlin',
  less: 'less',
  lua: 'lua',
  m: 'objectivec',
  mjs: 'javascript',
  patch: 'diff',
  php: 'php',
  pl: 'perl',
  properties: 'properties',
  proto: 'protobuf',
  ps1: 'powershell',
  py: 'python',
  r: 'r',
  rb: 'ruby',
  rs: 'rust',
  scala: 'scala',
  scss: 'scss',
  sh: 'bash',
  sql: 'sql',
  swift: 'swift',
  tf: 'terraform',
  toml: 'toml',
  ts: 'typescript',
  tsx: 'typescript',
  vb: 'vb',
  yaml: 'yaml',
  yml: 'yaml',
}

/** `python` for `a.py`; `undefined` for a file that is no source code by its name. */
export function languageOf(filename: string | undefined): string | undefined {
  const ending = extname(filename ?? '')
    .slice(1)
    .toLowerCase()
  return Object.hasOwn(languages, ending) ? languages[ending] : undefined
}
