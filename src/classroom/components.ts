/** Message components as Discord answers with them: every default filled in, every `attachment://` resolved. */
import { toKeptAddress } from './addresses.ts'
import { safeFilename } from './files.ts'
import { asObject, asObjects, asText } from './rules/errors.ts'
import type { State } from './state.ts'
import type { Attachment, Json } from './types.ts'

const ATTACHMENT = 'attachment://'

export type Media = { state: State; files: Attachment[] }

/** The attachment that an address of a request means: by name, or one of our own addresses sent back. */
export function fileOf(url: string, { state, files }: Media): Attachment | undefined {
  if (!url.startsWith(ATTACHMENT)) return files.find((file) => file.url === toKeptAddress(url, state.origin))
  const name = url.slice(ATTACHMENT.length)
  // The newest wins when an edit brings a file of the same name.
  return files.findLast(({ filename }) => filename === name || filename === safeFilename(name))
}

/** The ids of attachments that components show. */
export function shownFiles(components: Json[]): Set<string> {
  const ids = new Set<string>()
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit)
    const object = asObject(value)
    if (!object) return
    if (typeof object.attachment_id === 'string') ids.add(object.attachment_id)
    Object.values(object).forEach(visit)
  }
  visit(components)
  return ids
}

export function fullComponents(list: unknown, media: Media): Json[] {
  const taken = new Set<number>()
  const collect = (value: unknown): void => {
    for (const component of asObjects(value)) {
      if (typeof component.id === 'number' && component.id > 0) taken.add(component.id)
      collect(component.components)
      collect([component.accessory].filter(Boolean))
    }
  }
  collect(list)
  let last = 0
  const nextId = (): number => {
    do last += 1
    while (taken.has(last))
    return last
  }
  return asObjects(list).map((component) => full(component, { ...media, nextId }))
}

type Context = Media & { nextId: () => number }

/** Numbers go to parents before children, as Discord counts. */
function full(component: Json, context: Context): Json {
  const { type } = component
  const id = typeof component.id === 'number' && component.id > 0 ? component.id : context.nextId()
  return { ...clean(component), type, id, ...parts(component, context) }
}

const children = (component: Json, context: Context): Json[] =>
  asObjects(component.components).map((child) => full(child, context))

/** What a component has beyond the keys that were sent. */
function parts(component: Json, context: Context): Json {
  switch (component.type) {
    case 1:
      return { components: children(component, context) }
    case 3:
    case 5:
    case 6:
    case 7:
    case 8:
      return { min_values: component.min_values ?? 1, max_values: component.max_values ?? 1 }
    case 9:
      return {
        components: children(component, context),
        accessory: full(asObject(component.accessory) ?? {}, context),
      }
    case 11:
      return described(component, 'media', context)
    case 12:
      return { items: asObjects(component.items).map((item) => described(item, 'media', context)) }
    case 13:
      return filePart(component, context)
    case 14:
      return { divider: component.divider ?? true, spacing: component.spacing ?? 1 }
    case 17:
      return {
        accent_color: component.accent_color ?? null,
        spoiler: component.spoiler ?? false,
        components: children(component, context),
      }
    default:
      return {}
  }
}

const described = (item: Json, key: string, context: Context): Json => ({
  [key]: unfurled(item[key], context),
  description: item.description ?? null,
  spoiler: item.spoiler ?? false,
})

function filePart(component: Json, context: Context): Json {
  const file = fileOf(asText(asObject(component.file)?.url), context)
  return {
    file: unfurled(component.file, context),
    name: file?.filename ?? null,
    size: file?.size ?? null,
    spoiler: component.spoiler ?? false,
  }
}

function unfurled(item: unknown, context: Context): Json {
  const url = asText(asObject(item)?.url)
  const file = fileOf(url, context)
  const id = context.state.ids.next()
  if (!file) {
    const kept = toKeptAddress(url, context.state.origin)
    return { id, url: kept, proxy_url: kept, width: null, height: null, content_type: null }
  }
  return {
    id,
    url: file.url,
    proxy_url: file.url,
    width: file.width ?? null,
    height: file.height ?? null,
    content_type: file.content_type,
    attachment_id: file.id,
  }
}

/** Discord leaves out what was sent as null. */
const clean = (component: Json): Json =>
  Object.fromEntries(Object.entries(component).filter(([, value]) => value !== null))
