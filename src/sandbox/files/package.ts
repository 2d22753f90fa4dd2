/**
 * What every Office Open XML file has beside its text (ECMA-376 part 2): the types of its parts, and what they refer to.
 *
 * @module
 */

export const transitional = 'http://schemas.openxmlformats.org'
/** Of relationships, and of the attributes that name them. */
export const office = `${transitional}/officeDocument/2006/relationships`

export type Related = readonly [id: string, type: string, target: string]

/** A target with a scheme is outside of the file. */
export const relationships = (...all: readonly Related[]): string =>
  `<Relationships xmlns="${transitional}/package/2006/relationships">${all
    .map(([id, type, target]) => {
      const mode = /^[a-z]+:/.test(target) ? ' TargetMode="External"' : ''
      return `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"${mode}/>`
    })
    .join('')}</Relationships>`

const byEnding = {
  rels: 'application/vnd.openxmlformats-package.relationships+xml',
  xml: 'application/xml',
  png: 'image/png',
}

/** @param parts what each part is, by its name in the archive: `wordprocessingml.styles` */
export const contentTypes = (parts: Readonly<Record<string, string>>): string =>
  `<Types xmlns="${transitional}/package/2006/content-types">${[
    ...Object.entries(byEnding).map(
      ([ending, type]) => `<Default Extension="${ending}" ContentType="${type}"/>`,
    ),
    ...Object.entries(parts).map(
      ([name, type]) =>
        `<Override PartName="/${name}" ContentType="application/vnd.openxmlformats-officedocument.${type}+xml"/>`,
    ),
  ].join('')}</Types>`
