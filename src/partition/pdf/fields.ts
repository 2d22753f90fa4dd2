/**
 * What was filled into a document's form (AcroForm).
 *
 * @module
 */

import { collapseSpace } from '../../kit/whitespace.ts'
import type { PdfDocument, PdfPage } from './document.ts'
import { type Box, transform } from './geometry.ts'
import { rectOf } from './links.ts'
import { readString } from './pdfium.ts'

export interface Field {
  /** y up. */
  readonly box: Box
  /** What was written or chosen, or the name of a box to tick. */
  readonly text: string
  /** For boxes to tick alone. */
  readonly checked?: boolean
}

/** FPDF_ANNOT_WIDGET, and FPDF_FORMFIELD_ numbers in fpdf_formfill.h. */
const widgetType = 20
const [checkBox, radioButton, comboBox, listBox, textField] = [2, 3, 4, 5, 6]
const written: ReadonlySet<number> = new Set([comboBox, listBox, textField])
const ticked: ReadonlySet<number> = new Set([checkBox, radioButton])
const mostFields = 10_000
const longestValue = 64 * 1024
/** Room for FPDF_FORMFILLINFO, all of its callbacks absent. */
const callbacksSize = 256

/** Opens the form for as long as `use` runs; 0 = there is none. */
export async function withForm<T>(
  { pdfium, handle }: PdfDocument,
  use: (form: number) => Promise<T>,
): Promise<T> {
  if (pdfium.FPDF_GetFormType(handle) === 0) return use(0)
  const callbacks = pdfium.malloc(callbacksSize)
  pdfium.heap.HEAPU8.fill(0, callbacks, callbacks + callbacksSize)
  pdfium.heap.HEAPU32[callbacks / 4] = 2
  const form = pdfium.FPDFDOC_InitFormFillEnvironment(handle, callbacks)
  try {
    return await use(form)
  } finally {
    if (form !== 0) pdfium.FPDFDOC_ExitFormFillEnvironment(form)
    pdfium.free(callbacks)
  }
}

function fieldOf(page: PdfPage, form: number, annotation: number): Field | undefined {
  const { pdfium } = page.document
  if (pdfium.FPDFAnnot_GetSubtype(annotation) !== widgetType) return undefined
  const type = pdfium.FPDFAnnot_GetFormFieldType(form, annotation)
  const rect = rectOf(page, annotation)
  if (rect === undefined) return undefined
  const box = transform(rect, page.place)
  const read = (
    call:
      | 'FPDFAnnot_GetFormFieldValue'
      | 'FPDFAnnot_GetFormFieldName'
      | 'FPDFAnnot_GetFormFieldAlternateName',
  ) =>
    collapseSpace(
      readString(pdfium, longestValue, (buffer, size) => pdfium[call](form, annotation, buffer, size)),
    )
  if (written.has(type)) return { box, text: read('FPDFAnnot_GetFormFieldValue') }
  if (!ticked.has(type)) return undefined
  const text = read('FPDFAnnot_GetFormFieldAlternateName') || read('FPDFAnnot_GetFormFieldName')
  return { box, text, checked: pdfium.FPDFAnnot_IsChecked(form, annotation) === 1 }
}

/** The fields of a page that say something. */
export function readFields(page: PdfPage, form: number): Field[] {
  if (form === 0) return []
  const { pdfium } = page.document
  const count = Math.min(mostFields, pdfium.FPDFPage_GetAnnotCount(page.handle))
  pdfium.FORM_OnAfterLoadPage(page.handle, form)
  try {
    return Array.from({ length: count }, (_, index) => {
      const annotation = pdfium.FPDFPage_GetAnnot(page.handle, index)
      const field = fieldOf(page, form, annotation)
      pdfium.FPDFPage_CloseAnnot(annotation)
      return field
    }).filter((field) => field !== undefined && field.text !== '') as Field[]
  } finally {
    pdfium.FORM_OnBeforeClosePage(page.handle, form)
  }
}
