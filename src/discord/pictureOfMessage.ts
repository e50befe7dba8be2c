/** From a message, or a channel, to the picture in it: one of ours with its recipe, or a file that a person has attached. */
import type { Message } from 'discord.js'
import type { Picture } from '../domain.ts'
import { UserError } from '../errors.ts'
import type { Services } from '../services/index.ts'
import { downloadAttachment, type AttachedFile } from './attachments.ts'

/** Where a picture comes from. */
export type Found = { picture: Picture } | { file: AttachedFile }

/**
 * The first picture of a message, ours before others. Ours is known by the name of its file: in the words around it a prompt may
 * name any other.
 * @throws UserError not-found when there is none
 */
export function pictureOfMessage(
  message: Pick<Message, 'attachments' | 'components' | 'author' | 'client' | 'guildId'>,
  gallery: Pick<Services['gallery'], 'get'>,
): Found {
  const files = [...message.attachments.values()]
  if (message.author.id === message.client.user.id) {
    const media: string[] = []
    JSON.stringify(message.components, (key, value: unknown) => {
      if (key === 'url' && typeof value === 'string') media.push(value)
      return value
    })
    for (const name of [...files.map((file) => file.name), ...media]) {
      const picture = gallery.get(/\bpicture-([0-9a-z]{1,32})\.[^/]*$/.exec(name)?.[1] ?? '')
      if (picture && picture.guildId === message.guildId) return { picture }
    }
  }
  const file = files.find(
    ({ contentType, name }) => contentType?.startsWith('image/') ?? /\.(png|jpe?g|webp)$/i.test(name),
  )
  if (file) return { file: { name: file.name, url: file.url, size: file.size } }
  throw new UserError('not-found', 'There is no picture in this message; please choose one that has one.')
}

/**
 * @param instead what a person can do when there is none; not everywhere can a file be attached
 * @throws UserError not-found when Darkroom has shown none there
 */
export function lastPictureIn(
  channelId: string,
  { gallery }: Pick<Services, 'gallery'>,
  instead = 'draw one with /imagine first',
): Found {
  const picture = gallery.lastIn(channelId)
  if (picture) return { picture }
  throw new UserError('not-found', `There is no picture in this channel yet; please ${instead}.`)
}

/** The bytes of the file. @throws UserError when an attachment cannot be fetched */
export async function bytesOf(
  found: Found,
  { gallery, config }: Pick<Services, 'gallery' | 'config'>,
): Promise<Buffer> {
  return 'picture' in found ? gallery.png(found.picture) : downloadAttachment(found.file, config)
}
