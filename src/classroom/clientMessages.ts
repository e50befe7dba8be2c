/** Finds things in a message's or a modal's JSON. */
import type { APIMessage, APIModalInteractionResponseCallbackData } from 'discord-api-types/v10'
import { ClassroomError } from './clientTypes.ts'

type Node = Record<string, unknown>

/** Every component, parents first, in the order in which they are read. */
function* nodes(value: unknown): Generator<Node> {
  for (const node of Array.isArray(value) ? (value as Node[]) : []) {
    yield node
    yield* nodes(node.components)
    yield* nodes([node.accessory, node.component].filter(Boolean))
  }
}

/** The custom id of the button with this label (letter case does not matter) or custom id. */
export function findComponent(message: APIMessage, labelOrCustomId: string): string {
  const wanted = labelOrCustomId.toLowerCase()
  const all = [...nodes(message.components)].filter(({ custom_id }) => typeof custom_id === 'string')
  const found =
    all.find(({ custom_id }) => custom_id === labelOrCustomId) ??
    all.find(({ label }) => typeof label === 'string' && label.toLowerCase() === wanted)
  if (found) return String(found.custom_id)
  const labels = all.map(({ label, custom_id }) => `“${String(label ?? custom_id)}”`)
  const there = labels.length > 0 ? `it has ${labels.join(', ')}` : 'it has no buttons'
  throw new ClassroomError(404, `The message has no button “${labelOrCustomId}”; ${there}.`)
}

/** Custom ids of a form's fields by their labels. */
export function modalFieldIds(
  modal: APIModalInteractionResponseCallbackData | undefined,
): Map<string, string> {
  const ids = new Map<string, string>()
  for (const node of nodes(modal?.components)) {
    const inner = (node.component ?? node) as Node
    if (typeof node.label === 'string' && typeof inner.custom_id === 'string')
      ids.set(node.label, inner.custom_id)
  }
  return ids
}

/** All words of a message in reading order: its content, its embeds and its text displays. */
export function textOf(message: APIMessage): string {
  const texts = [message.content, ...message.embeds.flatMap(({ title, description }) => [title, description])]
  for (const node of nodes(message.components)) if (node.type === 10) texts.push(String(node.content))
  return texts.filter(Boolean).join('\n')
}

export type Media = { name: string; url: string; description: string | undefined; size?: number }

/**
 * All files of a message, whether attached or shown by a component. (Discord leaves those that components show out of
 * `attachments`.)
 */
export function mediaOf(message: APIMessage): Media[] {
  const attached = message.attachments.map(({ filename, url, description, size }) => ({
    name: filename,
    url,
    description,
    size,
  }))
  const shown = [...nodes(message.components)].flatMap((node): Media[] => {
    if (node.type === 12) return (node.items as Node[]).map((item) => media(item.media, item.description))
    if (node.type === 11) return [media(node.media, node.description)]
    return node.type === 13 ? [{ ...media(node.file, undefined), size: Number(node.size) }] : []
  })
  return [...attached, ...shown]
}

function media(item: unknown, description: unknown): Media {
  const { url } = item as { url: string }
  const name = decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? '')
  return { name, url, description: typeof description === 'string' ? description : undefined }
}
