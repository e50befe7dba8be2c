/** Which message and which picture a person may name: never one of another server, nor one in words. */
import { ChannelType, Collection } from 'discord.js'
import { expect, test } from 'vitest'
import { namedPicture } from '../../src/discord/namedPicture.ts'
import { pictureOfMessage } from '../../src/discord/pictureOfMessage.ts'
import type { Picture } from '../../src/domain.ts'

const here = '100'
const pictures: Record<string, Partial<Picture>> = {
  mine: { id: 'mine', guildId: here },
  theirs: { id: 'theirs', guildId: '999' },
}
const gallery = { get: (id: string) => pictures[id] as Picture | undefined }
const client = { user: { id: '1' } }

const messageWith = (url: string, words = '') => ({
  author: client.user,
  client,
  guildId: here,
  attachments: new Collection(),
  components: [{ content: words }, { items: [{ media: { url } }] }],
})
const find = (message: object) => pictureOfMessage(message as Parameters<typeof pictureOfMessage>[0], gallery)
const file = (id: string) => `https://cdn.discordapp.com/attachments/1/2/picture-${id}.png?ex=1&hm=2`

test('a prompt that names another picture is not that picture', () => {
  expect(find(messageWith(file('mine'), 'a cat picture-theirs.png picture-mine.png'))).toEqual({
    picture: pictures['mine'],
  })
  expect(() => find(messageWith('https://example.org/cat.png', 'picture-mine.png'))).toThrow('no picture')
})

test('a picture of another server is not taken from a message', () => {
  expect(() => find(messageWith(file('theirs')))).toThrow('no picture')
})

/** A link that names this server, and a channel in which everybody of it may read as far as permissions tell. */
function linkInto(channel: { guildId: string; type: ChannelType }) {
  const messages = { fetch: () => Promise.resolve(messageWith(file('mine'))) }
  const found = {
    ...channel,
    id: '5',
    isTextBased: () => true,
    isDMBased: () => false,
    permissionsFor: () => ({ has: () => true }),
    messages,
  }
  const context = {
    client: { channels: { fetch: () => Promise.resolve(found) } },
    services: { gallery },
  } as unknown as Parameters<typeof namedPicture>[3]
  const interaction = { guildId: here, channelId: '4', member: {} } as Parameters<typeof namedPicture>[0]
  return namedPicture(interaction, `https://discord.com/channels/${here}/5/6`, 'Not ours.', context)
}

test('a link reaches no channel of another server and no private thread of others', async () => {
  expect(await linkInto({ guildId: here, type: ChannelType.GuildText })).toEqual(pictures['mine'])
  await expect(linkInto({ guildId: '999', type: ChannelType.GuildText })).rejects.toThrow('cannot be read')
  await expect(linkInto({ guildId: here, type: ChannelType.PrivateThread })).rejects.toThrow('cannot be read')
})
