/** Remembers that a public message shows pictures beside those of its own job, so that it goes when one of them goes. */
import type { Message } from 'discord.js'
import type { Services } from '../services/index.ts'

/** Call it once the message is there. One of the pictures may have gone meanwhile: then the message goes at once. */
export async function noteShown(
  message: Pick<Message, 'id' | 'channelId' | 'delete'>,
  pictureIds: readonly string[],
  { gallery }: Pick<Services, 'gallery'>,
): Promise<void> {
  for (const id of pictureIds) {
    gallery.noteShown({ id }, { channelId: message.channelId, messageId: message.id })
  }
  if (pictureIds.some((id) => !gallery.get(id))) await message.delete()
}
