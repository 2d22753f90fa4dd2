/**
 * Types of elements that partitioners make.
 *
 * @module
 */

import type { ElementType } from './element.ts'

export const partitionedTypes = [
  'Address',
  'CheckBox',
  'CodeSnippet',
  'EmailAddress',
  'FigureCaption',
  'Footer',
  'Form',
  'FormKeysValues',
  'Formula',
  'Header',
  'Image',
  'ListItem',
  'NarrativeText',
  'PageBreak',
  'PageNumber',
  'Table',
  'Title',
  'UncategorizedText',
] as const satisfies readonly ElementType[]
