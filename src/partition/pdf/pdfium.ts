/**
 * PDFium's C interface (fpdfview.h, fpdf_text.h, fpdf_edit.h, fpdf_annot.h, fpdf_doc.h) as it comes compiled to WebAssembly, and its memory.
 * Calls go straight to the compiled functions: there are several for each character of a document.
 *
 * @module
 */

import { PDFiumModule } from '@hyzyla/pdfium'

/** What is used of it. Handles and addresses are numbers; 0 is none. */
const functions = [
  'malloc',
  'free',
  'FPDF_LoadMemDocument',
  'FPDF_GetLastError',
  'FPDF_CloseDocument',
  'FPDF_GetPageCount',
  'FPDF_LoadPage',
  'FPDF_ClosePage',
  'FPDFPage_GetMediaBox',
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

let loading: Promise<Pdfium> | undefined

async function load(): Promise<Pdfium> {
  const compiled = (await PDFiumModule({})) as unknown as Compiled & {
    _FPDF_InitLibraryWithConfig(config: number): void
  }
  compiled._FPDF_InitLibraryWithConfig(0)
  return { ...compiled.wasmExports, heap: compiled }
}

/** The one copy of this thread, compiled when first asked for. */
export function loadPdfium(): Promise<Pdfium> {
  loading ??= load()
  return loading
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
