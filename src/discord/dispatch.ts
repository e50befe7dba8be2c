/** From an interaction to its handler. Holds the only try/catch around handlers. */
import { hash, randomBytes } from 'node:crypto'
import type {
  ButtonInteraction,
  Interaction,
  ModalSubmitInteraction,
  StringSelectMenuInteraction,
} from 'discord.js'
import { UserError } from '../errors.ts'
import type { BotContext } from './context.ts'
import { replyWithError } from './replyWithError.ts'
import { withdrawAnnounced } from './withdraw.ts'

/** Most choices that Discord shows. */
const CHOICES = 25

const salt = randomBytes(16).toString('hex')

const NOT_SERVED =
  'This Darkroom works for another class, so it draws nothing here. If this is your class, ask whoever runs the bot to add this server to its settings.'
const OLD_COMMAND = 'This command belongs to an older Darkroom and does nothing any more.'
const OLD_BUTTON = 'This button belongs to an older Darkroom and does nothing any more.'
const DELETED = 'This picture has been deleted.'

/** Runs the command, button, menu, modal or autocomplete that an interaction asks for. Never throws. */
export async function dispatch(interaction: Interaction, context: BotContext): Promise<void> {
  const log = context.log.child({
    interaction: interaction.id,
    name: nameOf(interaction),
    // The same person can be followed through one log, but not recognised.
    asker: hash('sha256', salt + interaction.user.id).slice(0, 8),
  })
  let isAnswered = true
  try {
    const started = performance.now()
    await handle(interaction, { ...context, log })
    const level = interaction.isAutocomplete() ? 'debug' : 'info'
    log[level]({ ms: Math.round(performance.now() - started) }, 'handled')
  } catch (error) {
    isAnswered = await replyWithError(interaction, error, log)
  } finally {
    settle(interaction, context, isAnswered)
  }
  if (!isAnswered) await withdrawAnnounced({ ...context, log })
}

/** What was announced is answered now, one way or the other; or it is left to be withdrawn. */
function settle({ id }: Interaction, { services, log }: BotContext, isAnswered: boolean): void {
  try {
    if (isAnswered) services.announced.done(id)
    else services.announced.leave(id)
  } catch (error) {
    log.warn({ err: error, interaction: id }, 'an announcement could not be struck off')
  }
}

async function handle(interaction: Interaction, context: BotContext): Promise<void> {
  context.signal.throwIfAborted()
  // A direct message belongs to no server, so only what was made for it answers there.
  if (interaction.guildId === null && interaction.isButton()) {
    if (await context.services.inputUse.during(() => pressPrivately(interaction, context))) return
  }
  if (!interaction.inCachedGuild() || !context.guilds.isServed(interaction.guildId)) {
    throw new UserError('not-allowed', NOT_SERVED)
  }
  await context.services.inputUse.during(() => handleServed(interaction, context))
}

async function handleServed(interaction: Interaction<'cached'>, context: BotContext): Promise<void> {
  if (interaction.isChatInputCommand()) {
    await commandOf(interaction.commandName, context).run(interaction, context)
  } else if (interaction.isMessageContextMenuCommand()) {
    const menu = context.registry.menus.get(interaction.commandName)
    if (!menu) throw new UserError('not-found', OLD_COMMAND)
    await menu.runOnMessage(interaction, context)
  } else if (interaction.isAutocomplete()) {
    const choices = await commandOf(interaction.commandName, context).autocomplete?.(interaction, context)
    await interaction.respond((choices ?? []).slice(0, CHOICES))
  } else if (interaction.isButton()) {
    await press(interaction, context)
  } else if (interaction.isStringSelectMenu()) {
    await choose(interaction, context)
  } else if (interaction.isModalSubmit()) {
    await submit(interaction, context)
  }
}

/** False when the button is none of those that also work in direct messages. */
async function pressPrivately(interaction: ButtonInteraction, context: BotContext): Promise<boolean> {
  const [name, argument] = splitCustomId(interaction.customId)
  const handler = context.registry.privateButtons.get(name)
  await handler?.(interaction, argument, context)
  return handler !== undefined
}

async function press(interaction: ButtonInteraction<'cached'>, context: BotContext): Promise<void> {
  const [name, argument, detail] = splitCustomId(interaction.customId)
  const action = context.registry.actions.get(name)
  if (action) return action.press(interaction, await pictureOf(argument, context), context, detail)
  if (await pressPrivately(interaction, context)) return
  const handler = context.registry.buttons.get(name)
  if (!handler) throw new UserError('not-found', OLD_BUTTON)
  return handler(interaction, argument, context)
}

async function choose(
  interaction: StringSelectMenuInteraction<'cached'>,
  context: BotContext,
): Promise<void> {
  const [name, argument] = splitCustomId(interaction.customId)
  const handler = context.registry.selects.get(name)
  if (!handler) throw new UserError('not-found', OLD_BUTTON)
  return handler(interaction, argument, context)
}

async function submit(interaction: ModalSubmitInteraction<'cached'>, context: BotContext): Promise<void> {
  const [name, argument] = splitCustomId(interaction.customId)
  const action = context.registry.actions.get(name)
  if (action?.submit) return action.submit(interaction, await pictureOf(argument, context), context)
  const handler = context.registry.modals.get(name)
  if (!handler) throw new UserError('not-found', OLD_BUTTON)
  return handler(interaction, argument, context)
}

async function pictureOf(id: string, { services }: BotContext) {
  const picture = services.gallery.get(id)
  if (!picture) throw new UserError('not-found', DELETED)
  return picture
}

function commandOf(name: string, { registry }: BotContext) {
  const command = registry.commands.get(name)
  if (!command) throw new UserError('not-found', OLD_COMMAND)
  return command
}

function splitCustomId(customId: string): [name: string, argument: string, detail: string | undefined] {
  const [name = '', argument = '', detail] = customId.split(':')
  return [name, argument, detail]
}

function nameOf(interaction: Interaction): string {
  if (interaction.isCommand() || interaction.isAutocomplete()) return interaction.commandName
  if (interaction.isMessageComponent() || interaction.isModalSubmit())
    return splitCustomId(interaction.customId)[0]
  return 'unknown'
}
