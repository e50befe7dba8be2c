/** Embeds as Discord answers with them. */
import { fileOf, type Media } from './components.ts'
import { asObject, asObjects, asText } from './rules/errors.ts'
import type { Json } from './types.ts'

export const fullEmbeds = (list: unknown, media: Media): Json[] =>
  asObjects(list).map((embed) => {
    const { fields, image, thumbnail, footer, author, type: _, ...rest } = embed
    return clean({
      ...rest,
      type: 'rich',
      fields:
        fields === undefined
          ? undefined
          : asObjects(fields).map((field) => ({ ...field, inline: field.inline ?? false })),
      image: picture(image, media),
      thumbnail: picture(thumbnail, media),
      footer: withIcon(footer, media),
      author: withIcon(author, media),
    })
  })

/** The addresses, in kept form, of files that embeds show. */
export function filesInEmbeds(embeds: Json[]): Set<string> {
  const addresses = embeds.flatMap(({ image, thumbnail, footer, author }) => [
    asObject(image)?.url,
    asObject(thumbnail)?.url,
    asObject(footer)?.icon_url,
    asObject(author)?.icon_url,
  ])
  return new Set(addresses.filter((address) => typeof address === 'string'))
}

function picture(value: unknown, media: Media): Json | undefined {
  const url = asText(asObject(value)?.url)
  if (url === '') return undefined
  const file = fileOf(url, media)
  if (!file) return { url, proxy_url: url }
  const { width, height, content_type } = file
  return clean({ url: file.url, proxy_url: file.url, width, height, content_type })
}

function withIcon(value: unknown, media: Media): Json | undefined {
  const object = asObject(value)
  if (!object) return undefined
  const file = fileOf(asText(object.icon_url), media)
  return clean(file ? { ...object, icon_url: file.url, proxy_icon_url: file.url } : object)
}

const clean = (object: Json): Json =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined && value !== null))
