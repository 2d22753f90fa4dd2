/**
 * PDFium's C interface (fpdfview.h, fpdf_text.h, fpdf_edit.h, fpdf_annot.h, fpdf_doc.h) as it comes compiled to WebAssembly, and its memory.
 * Calls go straight to the compiled functions: there are several for each character of a document.
 *
 * @module
 */

import { readFile } from 'node:fs/promises'
import { PDFiumModule } from '@hyzyla/pdfium'
import { damaged, tooMuch } from '../problems.ts'

/** What is used of it. Handles and addresses are numbers; 0 is none. */
const functions = [
  'malloc',
  'free',
  'FPDF_LoadMemDocument',
  'FPDF_GetLastError',
  'FPDF_CloseDocument',
  'FPDF_GetPageCount',
  'FPDF_GetFormType',
  'FPDFDOC_InitFormFillEnvironment',
  'FPDFDOC_ExitFormFillEnvironment',
  'FPDFBookmark_GetFirstChild',
  'FPDFBookmark_GetNextSibling',
  'FPDFBookmark_GetTitle',
  'FPDFBookmark_GetDest',
  'FPDFBookmark_GetAction',
  'FPDFAction_GetDest',
  'FPDFDest_GetDestPageIndex',
  'FPDF_GetPageWidthF',
  'FPDF_GetPageHeightF',
  'FPDF_RenderPageBitmap',
  'FPDFBitmap_CreateEx',
  'FPDFBitmap_FillRect',
  'FPDFBitmap_Destroy',
  'FPDFBitmap_GetBuffer',
  'FPDFBitmap_GetFormat',
  'FPDFBitmap_GetWidth',
  'FPDFBitmap_GetHeight',
  'FPDFBitmap_GetStride',
  'FPDFImageObj_GetRenderedBitmap',
  'FPDFImageObj_GetImagePixelSize',
  'FPDFPath_CountSegments',
  'FPDFPath_GetPathSegment',
  'FPDFPath_GetDrawMode',
  'FPDFPathSegment_GetType',
  'FPDFPathSegment_GetClose',
  'FPDFAnnot_GetFormFieldType',
  'FPDFAnnot_GetFormFieldValue',
  'FPDFAnnot_GetFormFieldName',
  'FPDFAnnot_GetFormFieldAlternateName',
  'FPDFAnnot_IsChecked',
  'FORM_OnAfterLoadPage',
  'FORM_OnBeforeClosePage',
  'FPDF_LoadPage',
  'FPDF_ClosePage',
  'FPDFPage_GetMediaBox',
  'FPDF_GetPageBoundingBox',
  'FPDFPage_GetRotation',
  'FPDFPage_GetAnnotCount',
  'FPDFPage_GetAnnot',
  'FPDFPage_CloseAnnot',
  'FPDFAnnot_GetSubtype',
  'FPDFAnnot_GetRect',
  'FPDFAnnot_GetLink',
  'FPDFLink_GetAction',
  'FPDFAction_GetType',
  'FPDFAction_GetURIPath',
  'FPDFText_LoadPage',
  'FPDFText_ClosePage',
  'FPDFText_CountChars',
  'FPDFText_GetUnicode',
  'FPDFText_IsGenerated',
  'FPDFText_GetTextObject',
  'FPDFText_GetLooseCharBox',
  'FPDFText_GetCharOrigin',
  'FPDFTextObj_GetFont',
  'FPDFFont_GetBaseFontName',
  'FPDFFont_GetIsEmbedded',
  'FPDFFont_GetDescent',
  'FPDFFont_GetGlyphWidth',
  'FPDFTextObj_GetFontSize',
  'FPDFPageObj_GetClipPath',
  'FPDFClipPath_CountPaths',
  'FPDFClipPath_CountPathSegments',
  'FPDFClipPath_GetPathSegment',
  'FPDFPathSegment_GetPoint',
  'FPDFPage_CountObjects',
  'FPDFPage_GetObject',
  'FPDFPageObj_GetType',
  'FPDFPageObj_GetBounds',
  'FPDFPageObj_GetMatrix',
  'FPDFFormObj_CountObjects',
  'FPDFFormObj_GetObject',
] as const

type Name = (typeof functions)[number]
type Functions = Readonly<Record<Name, (...values: number[]) => number>>

interface Compiled {
  readonly HEAPU8: Uint8Array
  readonly HEAPU32: Uint32Array
  readonly HEAPF32: Float32Array
  readonly HEAPF64: Float64Array
  readonly wasmExports: Functions
}

export interface Pdfium extends Functions {
  /** Its memory. It moves when it grows, so hold on to none of these. */
  readonly heap: Compiled
}

/** Bytes that PDFium may take, whatever a file asks for. */
const mostMemory = 1024 * 2 ** 20
const worthKeeping = 256 * 2 ** 20

type Imports = Readonly<Record<string, object>>

interface Instance {
  readonly exports: Functions
}

/** What is used of WebAssembly, of which the compiler knows nothing without the browser's types. */
interface WebAssemblyApi {
  compile(bytes: Uint8Array): Promise<object>
  readonly Instance: new (module: object, imports: Imports) => Instance
  readonly RuntimeError: ErrorConstructor
}

const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }

/** Whether the last file has asked for more than {@link mostMemory}. */
let isRefused = false

/** Growing beyond {@link mostMemory} is refused, so that an allocation fails inside. */
function limited(imports: Imports): Imports {
  const { emscripten_resize_heap: grow, ...rest } = imports.env as Record<string, (size: number) => number>
  const growWithin = (size: number) => {
    isRefused = size > mostMemory
    return isRefused ? 0 : grow!(size)
  }
  return { ...imports, env: { ...rest, emscripten_resize_heap: growWithin } }
}

/** The compiler's wrapper writes what goes wrong to the console; here errors are thrown. */
const silent = { print() {}, printErr() {} }

async function load(): Promise<Pdfium> {
  const binary = await readFile(new URL(import.meta.resolve('@hyzyla/pdfium/pdfium.wasm')))
  const module = await WebAssembly.compile(binary)
  const options = {
    ...silent,
    instantiateWasm(imports: Imports, done: (instance: Instance) => void) {
      const instance = new WebAssembly.Instance(module, limited(imports))
      done(instance)
      return instance.exports
    },
  }
  const compiled = (await PDFiumModule(options as never)) as unknown as Compiled & {
    _FPDF_InitLibraryWithConfig(config: number): void
  }
  compiled._FPDF_InitLibraryWithConfig(0)
  return { ...compiled.wasmExports, heap: compiled }
}

let loading: Promise<Pdfium> | undefined

/** The one copy of this thread, compiled when first asked for. */
export function loadPdfium(): Promise<Pdfium> {
  isRefused = false
  loading ??= load()
  return loading
}

/** Its memory never shrinks: a copy that has grown beyond this is not used again. */
export function releaseLarge({ heap }: Pdfium): void {
  if (heap.HEAPU8.length > worthKeeping) loading = undefined
}

/** What an error means: where PDFium broke down, the file is at fault, and the copy that did is not used again. */
export function explained(error: unknown): unknown {
  if (!(error instanceof WebAssembly.RuntimeError || error instanceof RangeError)) return error
  loading = undefined
  if (isRefused) return tooMuch('PDF', 'more than fits into 1 GB of memory')
  return damaged('PDF', 'reading its content breaks down', error)
}

/**
 * A text in UTF-16 that a call writes.
 *
 * @param limit in bytes; a longer one is cut
 * @param fill writes to the buffer, and answers how many bytes there are, a final zero included
 */
export function readString(
  pdfium: Pdfium,
  limit: number,
  fill: (buffer: number, size: number) => number,
): string {
  const buffer = pdfium.malloc(limit)
  try {
    const length = Math.min(limit, fill(buffer, limit))
    const bytes = pdfium.heap.HEAPU8.subarray(buffer, buffer + length)
    return Buffer.from(bytes).toString('utf16le').replace(/\0.*$/su, '')
  } finally {
    pdfium.free(buffer)
  }
}
