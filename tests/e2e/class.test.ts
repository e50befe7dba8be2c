/** What instructors set, what students may not, and how failures reach people. */
import sharp from 'sharp'
import type { APIMessage } from 'discord-api-types/v10'
import { ApplicationCommandType, PermissionFlagsBits } from 'discord.js'
import { expect, onTestFinished, test } from 'vitest'
import { mediaOf, textOf, type PersonClient } from '../../src/classroom/client.ts'
import { isError } from '../../src/discord/render/errors.ts'
import { inviteLink } from '../../src/discord/permissions.ts'
import { BackendError } from '../../src/errors.ts'
import { startDarkroom, type Darkroom, type DarkroomOptions } from '../support/darkroom.ts'

async function open(options: DarkroomOptions = {}): Promise<Darkroom> {
  const darkroom = await startDarkroom(options)
  onTestFinished(() => darkroom.close())
  return darkroom
}

/** The newest message in #studio after a command and all that follows from it. */
async function say(darkroom: Darkroom, person: PersonClient, command: string): Promise<APIMessage> {
  await (await person.slash(command)).answer()
  await darkroom.bot.idle()
  return (await person.messages('studio')).at(-1) as APIMessage
}
const isPrivate = (message: APIMessage) => ((message.flags ?? 0) & 64) !== 0
const INVITED = BigInt(new URL(inviteLink('1')).searchParams.get('permissions') ?? '0')

test('/class setup finds the channels and the role of the class by their names and stores them', async () => {
  const darkroom = await open({ setUp: false })
  const ida = await darkroom.person('Ida')
  const answer = await say(darkroom, ida, '/class setup')
  expect(isPrivate(answer)).toBe(true)
  expect(textOf(answer)).toMatch(/Gallery: <#\d+> \(found by its name\)/)
  expect(textOf(answer)).toContain('may do there all that it needs')
  const { channels } = await ida.state()
  const settings = await darkroom.services.settings.guild(darkroom.classroom.guildId)
  expect(settings.galleryChannelId).toBe(channels.find(({ name }) => name === 'gallery')?.id)
  expect(textOf(await say(darkroom, ida, '/class setup'))).toContain('(as before)')
})

test('/class setup uses what the instructor chooses', async () => {
  const darkroom = await open({ setUp: false })
  const ida = await darkroom.person('Ida')
  const answer = await say(darkroom, ida, '/class setup gallery:#studio')
  const studio = (await ida.state()).channels.find(({ name }) => name === 'studio')?.id
  expect(textOf(answer)).toContain(`Gallery: <#${studio}> (chosen)`)
})

test('/class setup takes no role that everyone has', async () => {
  const darkroom = await open({ setUp: false })
  const ida = await darkroom.person('Ida')
  const answer = await say(darkroom, ida, `/class setup instructors:${darkroom.classroom.guildId}`)
  expect(textOf(answer)).toContain('please choose one that only instructors have')
})

test('/class words remove leaves nothing behind when the word stays refused', async () => {
  const darkroom = await open()
  const ida = await darkroom.person('Ida')
  const answer = await say(darkroom, ida, '/class words remove word:nudes')
  expect(textOf(answer)).toContain('still refused')
  const { allowedWords } = await darkroom.services.settings.guild(darkroom.classroom.guildId)
  expect(allowedWords).toEqual([])
})

test('pictures made while the gallery was closed are hung after the next /class setup', async () => {
  const darkroom = await open()
  const { classroom, bot } = darkroom
  const [ida, ben] = [await darkroom.person('Ida'), await darkroom.person('Ben')]
  const gallery = (await ida.state()).channels.find(({ name }) => name === 'gallery')?.id ?? ''
  const overwrite = (deny: bigint) =>
    classroom.setOverwrite(gallery, { id: bot.client.user.id, type: 1, allow: '0', deny: String(deny) })
  overwrite(PermissionFlagsBits.ViewChannel)
  await say(darkroom, ben, '/imagine prompt:"a red heart" steps:2')
  expect(darkroom.services.queue.unfinished()).toHaveLength(1)
  overwrite(0n)
  await say(darkroom, ida, '/class setup')
  expect(darkroom.services.queue.unfinished()).toEqual([])
})

test('/class setup names the permission that is missing in a channel, and what it is for', async () => {
  const darkroom = await open({ setUp: false })
  const ida = await darkroom.person('Ida')
  const gallery = (await ida.state()).channels.find(({ name }) => name === 'gallery')?.id ?? ''
  const deny = String(PermissionFlagsBits.AttachFiles)
  darkroom.classroom.setOverwrite(gallery, { id: darkroom.bot.client.user.id, type: 1, allow: '0', deny })
  const may = () => {
    const channel = darkroom.bot.client.channels.cache.get(gallery)
    return (
      channel?.isTextBased() &&
      !channel.isDMBased() &&
      channel.permissionsFor(darkroom.bot.client.user)?.has('AttachFiles')
    )
  }
  await expect.poll(may).toBe(false)
  const answer = await say(darkroom, ida, '/class setup')
  expect(textOf(answer)).toContain(
    `In <#${gallery}> Darkroom lacks: **Attach Files** (to send the pictures along).`,
  )
})

test('/class words says what is true of both lists', async () => {
  const darkroom = await open({ setUp: false })
  const ida = await darkroom.person('Ida')
  const words = async (rest: string) => textOf(await say(darkroom, ida, `/class words ${rest}`))
  expect(await words('add word:nude')).toContain('now refused')
  // It is on the built-in list too, so taking it off the class's own would not be enough.
  expect(await words('remove word:nude')).toBe('Prompts with “nude” are drawn again.')
  expect(await darkroom.services.safety.refuses('a nude figure', darkroom.classroom.guildId)).toBe(false)
  expect(await words('remove word:banana')).toContain('not refused here')
  expect(await words('list')).not.toContain('banana')
})

test('/class is not for students', async () => {
  const darkroom = await open()
  const ben = await darkroom.person('Ben')
  for (const command of ['/class setup', '/class words list', '/class words add word:tree']) {
    const answer = await say(darkroom, ben, command)
    expect(isPrivate(answer)).toBe(true)
    expect(isError(answer.components ?? [])).toBe(true)
  }
})

test('/darkroom tells in private what one can do: every command, and every button under a picture', async () => {
  const darkroom = await open()
  const noor = await darkroom.person('Noor')
  const answer = await say(darkroom, noor, '/darkroom')
  expect(isPrivate(answer)).toBe(true)
  const picture = await say(darkroom, noor, '/imagine prompt:"a heart" steps:1')
  const labels = [...JSON.stringify(picture.components).matchAll(/"label":"([^"]+)"/g)].map(
    ([, label]) => label,
  )
  expect(labels).toContain('Remix')
  for (const label of labels) expect(textOf(answer)).toContain(`**${label}**`)

  const forIda = textOf(await say(darkroom, await darkroom.person('Ida'), '/darkroom'))
  const slash = (await noor.state()).commands.filter(
    ({ type }) => type === undefined || type === ApplicationCommandType.ChatInput,
  )
  const names = slash.map(({ name }) => name).filter((name) => name !== 'darkroom')
  expect(names.filter((name) => !forIda.includes(`\`/${name}`))).toEqual([])
  const forNoor = names.filter((name) => !textOf(answer).includes(`\`/${name}`))
  expect(forNoor.sort()).toEqual(['class', 'doctor'])
})

test('when the machine that draws fails, only the author reads why', async () => {
  const darkroom = await open()
  Object.assign(darkroom.services.backends.all()[0] as object, {
    generate: () => Promise.reject(new BackendError('embedded', 'rejected', 'a detail for the log')),
  })
  const [ben, mei] = [await darkroom.person('Ben'), await darkroom.person('Mei')]
  const reason = await say(darkroom, ben, '/imagine prompt:"a secret cat"')
  expect(isPrivate(reason)).toBe(true)
  expect(isError(reason.components ?? [])).toBe(true)
  expect(textOf(reason)).toContain('refused this request')
  const forAll = textOf((await mei.messages('studio')).at(-1) as APIMessage)
  expect(forAll).toBe('No picture this time. Ben was told why in a private note.')
})

test('a bug shows a number and nothing else', async () => {
  const darkroom = await open()
  darkroom.services.imagine.parse = () => {
    throw new TypeError('x of undefined at /home/someone')
  }
  const answer = await say(darkroom, await darkroom.person('Ben'), '/imagine prompt:cat')
  expect(textOf(answer)).toMatch(
    /^Something broke on our side; please tell your instructor this number: \d+$/,
  )
  expect(darkroom.logs.join('')).toContain('x of undefined')
})

test('where files must be small, a lighter copy of the picture is shown', async () => {
  const limit = 60_000
  const darkroom = await open({ classroom: { attachmentSizeLimit: limit } })
  const message = await say(darkroom, await darkroom.person('Ben'), '/imagine prompt:cat seed:1 steps:4')
  const [file] = mediaOf(message)
  expect(file?.name).toMatch(/\.webp$/)
  const data = await (await fetch(file?.url ?? '')).arrayBuffer()
  expect(data.byteLength).toBeLessThanOrEqual(limit)
  expect((await sharp(data).metadata()).format).toBe('webp')
})

test('a gallery that is closed to the bot keeps no picture from its author', async () => {
  const darkroom = await open({
    classroom: { botPermissions: INVITED },
  })
  const ida = await darkroom.person('Ida')
  const gallery = (await ida.state()).channels.find(({ name }) => name === 'gallery')?.id ?? ''
  const deny = String(PermissionFlagsBits.SendMessagesInThreads)
  darkroom.classroom.setOverwrite(gallery, { id: darkroom.bot.client.user.id, type: 1, allow: '0', deny })
  const message = await say(darkroom, ida, '/imagine prompt:cat seed:1 steps:4')
  expect(mediaOf(message).length).toBe(1)
  expect(darkroom.logs.join('')).toContain('run /class setup, which names what is missing')
})
