/** Interactions in the classroom, answered by a real discord.js client: the rules that Discord keeps. */
import { ComponentType, MessageFlags } from 'discord.js'
import type { ChatInputCommandInteraction, Interaction } from 'discord.js'
import { afterEach, expect, test, vi } from 'vitest'
import { connectPerson, mediaOf } from '../../src/classroom/client.ts'
import { picture } from '../support/featureMessages.ts'
import { startSmallBot, type SmallBot } from '../support/smallBot.ts'

let bot: SmallBot

afterEach(async () => {
  const [failure] = bot.failures
  await bot.close()
  if (failure !== undefined) throw failure
})

/** Answers slash commands with this function. */
const onSlash = (run: (interaction: ChatInputCommandInteraction) => Promise<unknown>) =>
  bot.onInteraction((interaction: Interaction) =>
    interaction.isChatInputCommand() ? run(interaction) : Promise.resolve(),
  )

const studio = () => bot.ben.messages('studio')

/** A Components V2 message that shows one picture. */
const card = (name: string) => ({
  flags: MessageFlags.IsComponentsV2 as const,
  components: [
    { type: ComponentType.TextDisplay as const, content: 'Look' },
    {
      type: ComponentType.MediaGallery as const,
      items: [{ media: { url: `attachment://${name}` }, description: 'One dot' }],
    },
  ],
})

/** Runs one command and keeps the interaction, so that a test can misuse it. */
async function ask(run: (interaction: ChatInputCommandInteraction) => Promise<unknown>) {
  const { promise, resolve } = Promise.withResolvers<ChatInputCommandInteraction>()
  onSlash(async (interaction) => {
    await run(interaction)
    resolve(interaction)
  })
  const sent = await bot.ben.slash('/say hello')
  return { sent, interaction: await promise }
}

test('a deferred reply thinks, then shows an uploaded picture only in its component', async () => {
  bot = await startSmallBot()
  const { sent, interaction } = await ask((one) => one.deferReply())
  expect((await sent.answer()).state).toBe('deferred')
  expect((await studio()).at(-1)).toMatchObject({ flags: 128, type: 20, interaction: { name: 'say' } })

  const edited = await interaction.editReply({ ...card('dot.png'), files: [picture('dot.png')] })
  expect(edited.attachments.size).toBe(0)
  const message = (await studio()).at(-1)!
  expect(message).toMatchObject({ flags: MessageFlags.IsComponentsV2, attachments: [] })
  const [media] = mediaOf(message)
  expect(media).toMatchObject({ name: 'dot.png', description: 'One dot' })
  expect(message.components?.[1]).toMatchObject({ items: [{ media: { width: 1, height: 1 } }] })
  const file = await fetch(media!.url)
  expect(file.headers.get('content-type')).toBe('image/png')
  expect(Buffer.from(await file.arrayBuffer())).toEqual(picture('dot.png').attachment)
})

test('an edit without files keeps the picture, one with an empty list of attachments drops it', async () => {
  let ahead = 0
  bot = await startSmallBot({ now: () => Date.now() + ahead })
  const { interaction } = await ask((one) => one.reply({ ...card('dot.png'), files: [picture('dot.png')] }))
  const before = mediaOf((await studio()).at(-1)!)[0]!
  await interaction.editReply(card('dot.png'))
  expect(mediaOf((await studio()).at(-1)!)[0]?.url).toBe(before.url)
  const text = { type: ComponentType.TextDisplay as const, content: 'No picture any more' }
  await interaction.editReply({ flags: MessageFlags.IsComponentsV2, components: [text], attachments: [] })
  expect(mediaOf((await studio()).at(-1)!)).toEqual([])

  // A page may still be loading it; after some minutes it is deleted with the next one.
  expect((await fetch(before.url)).status).toBe(200)
  ahead = 11 * 60_000
  await interaction.editReply({ ...card('dot.png'), files: [picture('dot.png')] })
  await interaction.editReply({ components: [text], attachments: [] })
  await vi.waitFor(async () => expect((await fetch(before.url)).status).toBe(404))
})

test('the V2 flag cannot be taken back and excludes content', async () => {
  bot = await startSmallBot()
  const { interaction } = await ask((one) => one.reply({ ...card('dot.png'), files: [picture('dot.png')] }))
  await expect(interaction.editReply({ content: 'plain' })).rejects.toMatchObject({ code: 50035 })
  const components = [{ type: ComponentType.TextDisplay, content: 'Still V2' }]
  const path = `/webhooks/${bot.client.application.id}/${interaction.token}/messages/@original`
  expect((await bot.rest('PATCH', path, { components, flags: 0 })).status).toBe(200)
  expect((await studio()).at(-1)?.flags).toBe(MessageFlags.IsComponentsV2)
})

test('a file component tells the name and the size of its file', async () => {
  bot = await startSmallBot()
  const file = { attachment: Buffer.from('12345'), name: 'five.txt' }
  const component = { type: ComponentType.File as const, file: { url: 'attachment://five.txt' } }
  await ask((one) =>
    one.reply({ flags: MessageFlags.IsComponentsV2, components: [component], files: [file] }),
  )
  const message = (await studio()).at(-1)!
  expect(message.components).toMatchObject([{ type: 13, name: 'five.txt', size: 5, spoiler: false }])
  expect(mediaOf(message)).toMatchObject([{ name: 'five.txt', size: 5 }])
})

test('the first follow-up of a deferred reply fills that reply, also when it wants to be private', async () => {
  bot = await startSmallBot()
  const { interaction } = await ask((one) => one.deferReply())
  await interaction.followUp({ content: 'first', flags: MessageFlags.Ephemeral })
  await interaction.followUp({ content: 'second' })
  const messages = await studio()
  expect(messages.map(({ content, flags, type }) => ({ content, flags, type }))).toEqual([
    { content: 'first', flags: 0, type: 20 },
    { content: 'second', flags: 0, type: 19 },
  ])
  expect(messages[1]?.message_reference?.message_id).toBe(messages[0]?.id)
})

test('a private reply is seen by its person only and is not in the channel for the bot', async () => {
  bot = await startSmallBot()
  const { interaction } = await ask((one) => one.reply({ content: 'psst', flags: MessageFlags.Ephemeral }))
  const mei = await connectPerson(bot.classroom.url, 'Mei')
  const heard: string[] = []
  mei.on((event) => heard.push(event.type))
  const { id } = (await studio()).at(-1)!
  await interaction.editReply('psst!')
  expect((await studio()).at(-1)).toMatchObject({ content: 'psst!', flags: 64 })
  expect(await mei.messages('studio')).toEqual([])
  expect(heard).toEqual([])
  expect((await bot.rest('GET', `/channels/${bot.studioId}/messages`)).body).toEqual([])
  expect((await bot.rest('GET', `/channels/${bot.studioId}/messages/${id}`)).body.code).toBe(10008)
  await mei.close()
})

test('an answer after three seconds is refused, and the person hears that none came', async () => {
  bot = await startSmallBot({ answerWithinMs: 80 })
  let refusal: unknown
  onSlash(async (interaction) => {
    await new Promise((resolve) => setTimeout(resolve, 150))
    refusal = await interaction.reply('late').catch((error: unknown) => error)
  })
  const sent = await bot.ben.slash('/say hello')
  expect((await sent.answer()).state).toBe('failed')
  await vi.waitFor(() => expect(refusal).toMatchObject({ code: 10062, status: 404 }))
})

test('a second first answer is refused', async () => {
  bot = await startSmallBot()
  const { interaction } = await ask((one) => one.reply('once'))
  const { id, token } = interaction
  const again = await bot.rest('POST', `/interactions/${id}/${token}/callback`, { type: 5 })
  expect(again).toEqual({
    status: 400,
    body: { code: 40060, message: 'Interaction has already been acknowledged.' },
  })
})

test('a token works for fifteen minutes, an unanswered or unknown one never', async () => {
  let ahead = 0
  bot = await startSmallBot({ now: () => Date.now() + ahead })
  const { interaction } = await ask((one) => one.reply('hello'))
  ahead = 14 * 60_000
  await interaction.editReply('still there')
  ahead = 16 * 60_000
  const expired = await interaction.editReply('too late').catch((error: unknown) => error)
  expect(expired).toMatchObject({ code: 50027, status: 401 })

  const unknown = `/webhooks/${bot.client.application.id}/bm90aGluZw/messages/@original`
  expect((await bot.rest('GET', unknown)).body.code).toBe(10015)
  const { promise, resolve } = Promise.withResolvers<string>()
  onSlash(async ({ token }) => resolve(token))
  await bot.ben.slash('/say hello')
  const waiting = `/webhooks/${bot.client.application.id}/${await promise}`
  expect((await bot.rest('POST', waiting, { content: 'too soon' })).body.code).toBe(10015)
})

test('a callback that does not fit the interaction is refused', async () => {
  bot = await startSmallBot()
  const { promise, resolve } = Promise.withResolvers<{ id: string; token: string }>()
  onSlash(async (interaction) => resolve(interaction))
  await bot.ben.slash('/say hello')
  const { id, token } = await promise
  const path = `/interactions/${id}/${token}/callback`
  const update = await bot.rest('POST', path, { type: 7, data: { content: 'x' } })
  expect(update.body).toMatchObject({ code: 50035, errors: { type: { _errors: [{}] } } })
  const flags = await bot.rest('POST', path, { type: 5, data: { flags: 64 | (1 << 15) } })
  expect(flags.body).toMatchObject({ code: 50035, errors: { data: { flags: { _errors: [{}] } } } })
  expect((await bot.rest('POST', path, { type: 5, data: { flags: 64 } })).status).toBe(204)
})

test('buttons update their message, open forms, and answers say what they belong to', async () => {
  bot = await startSmallBot()
  const row = {
    type: ComponentType.ActionRow as const,
    components: [
      { type: ComponentType.Button as const, style: 1 as const, label: 'Count', custom_id: 'count' },
      { type: ComponentType.Button as const, style: 2 as const, label: 'Ask', custom_id: 'ask' },
      {
        type: ComponentType.Button as const,
        style: 2 as const,
        label: 'Off',
        custom_id: 'off',
        disabled: true,
      },
    ],
  }
  const field = {
    type: ComponentType.TextInput as const,
    custom_id: 'why',
    style: 1 as const,
    max_length: 10,
  }
  const label = { type: ComponentType.Label as const, label: 'Why', component: field }
  bot.onInteraction(async (interaction) => {
    if (interaction.isChatInputCommand()) await interaction.reply({ content: '0', components: [row] })
    if (interaction.isModalSubmit()) await interaction.reply(interaction.fields.getTextInputValue('why'))
    if (!interaction.isButton()) return
    if (interaction.customId === 'count') await interaction.update({ content: '1', components: [row] })
    else await interaction.showModal({ custom_id: 'form', title: 'A question', components: [label] })
  })
  await (await bot.ben.slash('/say')).answer()
  const message = (await studio())[0]!
  await (await bot.ben.press(message, 'Count')).answer()
  expect((await studio())[0]?.content).toBe('1')

  const form = await (await bot.ben.press(message, 'ask')).answer()
  await expect(bot.ben.fill(form, { Why: 'because it is so' })).rejects.toThrow('may have 10 characters')
  await (await bot.ben.fill(form, { Why: 'because' })).answer()
  expect((await studio()).at(-1)).toMatchObject({
    content: 'because',
    type: 19,
    referenced_message: { id: message.id },
    interaction_metadata: { type: 5, triggering_interaction_metadata: { type: 3 } },
  })
  await expect(bot.ben.press(message, 'Off')).rejects.toThrow('switched off')
  await expect(bot.ben.press(message, 'Gone')).rejects.toThrow('it has “Count”, “Ask”, “Off”')
})

test('what does not fit an option is refused in words before the bot hears of it', async () => {
  bot = await startSmallBot()
  const heard: unknown[] = []
  onSlash(async (interaction) => heard.push(interaction))
  const { commands } = bot.client.application
  const number = {
    type: 4,
    name: 'steps',
    description: 'How many',
    required: true,
    min_value: 1,
    max_value: 50,
  }
  await commands.create({ name: 'draw', description: 'Draws', options: [number] }, bot.classroom.guildId)
  await commands.create(
    { name: 'manage', description: 'Not for all', defaultMemberPermissions: '32' },
    bot.classroom.guildId,
  )
  await expect(bot.ben.slash('/draw steps:9999')).rejects.toThrow(
    '“steps” must be a whole number from 1 up to 50',
  )
  await expect(bot.ben.slash('/draw')).rejects.toThrow('“steps” is needed: How many')
  await expect(bot.ben.slash('/draw step:3')).rejects.toThrow('there are: steps')
  await expect(bot.ben.slash('/paint')).rejects.toThrow('There is no command /paint')
  await expect(bot.ben.slash({ name: 'manage' })).rejects.toThrow('You may not use the command “manage”')
  expect(heard).toEqual([])
})
