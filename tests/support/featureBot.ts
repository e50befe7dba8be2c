/**
 * A discord.js bot that uses many of Discord's features, one command each, so that the traffic of a real client over
 * the classroom can be checked. It has nothing to do with Darkroom's own commands.
 */
import { Client, GatewayIntentBits, MessageFlags } from 'discord.js'
import type {
  ChatInputCommandInteraction,
  Interaction,
  MessageComponentInteraction,
  ModalSubmitInteraction,
  TextChannel,
} from 'discord.js'
import { featureCommands } from './featureCommands.ts'
import { card, menuRows, modalLabels, picture } from './featureMessages.ts'

type Run = (interaction: ChatInputCommandInteraction<'cached'>) => Promise<unknown>

const commands: Record<string, Run> = {
  async all(interaction) {
    const { options } = interaction
    const file = options.getAttachment('file')
    const bytes = file === null ? 0 : (await (await fetch(file.url)).arrayBuffer()).byteLength
    const values = [
      options.getString('text', true),
      options.getInteger('whole'),
      options.getBoolean('yes'),
      options.getUser('who')?.username,
      options.getMember('who')?.displayName,
      options.getChannel('where')?.name,
      options.getRole('which')?.name,
      options.getMentionable('any') === null ? 'nobody' : 'somebody',
      options.getNumber('amount'),
      file?.name,
      bytes,
      options.getString('choice'),
    ]
    const response = await interaction.reply({ content: values.join(' | '), withResponse: true })
    await response.resource?.message?.fetch()
  },
  async tree(interaction) {
    const path = [interaction.options.getSubcommandGroup(), interaction.options.getSubcommand()]
    await interaction.reply({ content: `${path.join('/')} ${interaction.options.getString('word')}` })
  },
  async pick(interaction) {
    await interaction.reply({
      content: interaction.options.getString('sampler', true),
      flags: MessageFlags.Ephemeral,
    })
  },
  async card(interaction) {
    await interaction.deferReply()
    await interaction.editReply({ files: [picture('dot.png'), picture('same.png')], ...card('dot.png') })
    await interaction.editReply(card('dot.png'))
  },
  async menus(interaction) {
    await interaction.reply({ content: 'Choose.', components: menuRows() })
  },
  work,
  admin,
}

async function work(interaction: ChatInputCommandInteraction<'cached'>): Promise<void> {
  await interaction.deferReply({ flags: MessageFlags.Ephemeral })
  await interaction.editReply({ content: 'Working.' })
  const note = await interaction.followUp({ content: 'A note', flags: MessageFlags.Ephemeral })
  await interaction.editReply({ message: note, content: 'A better note' })
  await interaction.deleteReply(note)
  const open = await interaction.followUp({ content: 'For everybody', files: [picture('open.png')] })
  const channel = interaction.channel as TextChannel
  const sent = await channel.send({
    content: 'First',
    files: [picture('a.png')],
    nonce: '1',
    enforceNonce: true,
  })
  const [first] = sent.attachments.keys()
  const second = await sent.edit({
    content: 'Second',
    files: [picture('b.png')],
    attachments: [{ id: first! }],
  })
  await second.edit({ attachments: second.attachments.first(1).map(({ id }) => ({ id })) })
  await open.reply({ content: 'An answer', allowedMentions: { repliedUser: false } })
  await sent.react('👍')
  await sent.pin()
  const thread = await sent.startThread({ name: 'About the dot', autoArchiveDuration: 1440 })
  const inside = await thread.send({
    embeds: [{ title: 'Inside', description: 'A thread', fields: [{ name: 'n', value: 'v' }] }],
  })
  await inside.delete()
  await thread.edit({ archived: true })
  const free = await channel.threads.create({ name: 'Without a message' })
  await free.send('Hello')
  await free.delete()
  await channel.messages.fetch({ limit: 10 })
  await channel.messages.fetch(sent.id)
  await channel.threads.fetchActive()
  await channel.sendTyping()
  const gone = await channel.send('Gone soon')
  await gone.delete()
  await interaction.fetchReply()
  await interaction.editReply({ content: 'Worked.' })
}

async function admin(interaction: ChatInputCommandInteraction<'cached'>): Promise<void> {
  await interaction.deferReply()
  const { guild } = interaction
  await guild.channels.fetch()
  await guild.roles.fetch()
  await guild.members.fetchMe()
  await guild.members.fetch(interaction.user.id)
  const role = await guild.roles.create({ name: 'Helper', permissions: ['SendMessages'] })
  await role.edit({ name: 'Helpers', mentionable: true })
  await interaction.member.roles.add(role)
  await interaction.member.roles.remove(role)
  const channel = await guild.channels.create({
    name: 'workshop',
    topic: 'For helpers',
    reason: 'The helpers asked',
    permissionOverwrites: [
      { id: guild.id, deny: ['ViewChannel'] },
      { id: role.id, allow: ['ViewChannel', 'SendMessages'] },
    ],
  })
  await channel.permissionOverwrites.edit(interaction.user.id, { ViewChannel: true })
  await channel.permissionOverwrites.delete(interaction.user.id)
  await channel.setTopic('For everybody')
  await channel.send('Welcome')
  await channel.delete()
  await role.delete()
  await interaction.editReply({ content: 'Done.' })
}

const onComponent = async (interaction: MessageComponentInteraction): Promise<unknown> => {
  if (interaction.isButton() && interaction.customId === 'again') {
    await interaction.deferUpdate()
    return interaction.followUp({ content: 'Again.', flags: MessageFlags.Ephemeral })
  }
  if (interaction.isButton()) {
    return interaction.showModal({ custom_id: 'words', title: 'Change', components: modalLabels() })
  }
  if (interaction.isAnySelectMenu()) {
    return interaction.update({ content: `${interaction.customId} ${interaction.values.length}` })
  }
  return undefined
}

const onModal = async (interaction: ModalSubmitInteraction): Promise<unknown> => {
  const words = interaction.fields.getTextInputValue('prompt')
  const samplers = interaction.fields.getStringSelectValues('sampler')
  await interaction.deferReply()
  return interaction.editReply({ content: `${words} with ${samplers.join()}` })
}

const answer = async (interaction: Interaction): Promise<unknown> => {
  if (interaction.isAutocomplete()) {
    const typed = interaction.options.getFocused()
    return interaction.respond([{ name: `${typed} a`, value: `${typed}-a` }])
  }
  if (interaction.isUserContextMenuCommand())
    return interaction.reply(`Hello ${interaction.targetUser.username}`)
  if (interaction.isMessageContextMenuCommand())
    return interaction.reply(`> ${interaction.targetMessage.content}`)
  if (interaction.isChatInputCommand() && interaction.inCachedGuild()) {
    return commands[interaction.commandName]?.(interaction)
  }
  if (interaction.isModalSubmit()) return onModal(interaction)
  return interaction.isMessageComponent() ? onComponent(interaction) : undefined
}

/** A ready client with its commands registered. `onError` hears whatever a handler throws. */
export async function startFeatureBot(options: {
  apiUrl: string
  token: string
  guildId: string
  onError: (error: unknown) => void
  onEvent: (type: string, data: unknown) => void
}): Promise<Client<true>> {
  const { Guilds, GuildMessages, GuildMessageReactions } = GatewayIntentBits
  const intents = [Guilds, GuildMessages, GuildMessageReactions]
  const client = new Client({ intents, rest: { api: options.apiUrl } })
  client.on('error', options.onError)
  client.on('raw', (packet: { op: number; t: string; d: unknown }) => {
    if (packet.op === 0) options.onEvent(packet.t, structuredClone(packet.d))
  })
  client.on('interactionCreate', (interaction) => {
    answer(interaction).catch(options.onError)
  })
  const ready = new Promise<Client<true>>((resolve) => client.once('clientReady', resolve))
  await client.login(options.token)
  const live = await ready
  await live.application.commands.set(featureCommands, options.guildId)
  return live
}
