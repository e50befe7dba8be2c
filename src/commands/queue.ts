/** /queue: who waits or is being drawn, in private, with buttons to cancel; instructors pause the class from there. */
import { type ButtonInteraction, type ChatInputCommandInteraction } from 'discord.js'
import { defineCommand } from '../discord/command.ts'
import type { BotContext } from '../discord/context.ts'
import { isInstructor, mustBeInstructor } from '../discord/permissions.ts'
import type { View } from '../discord/render/blocks.ts'
import { renderQueue } from '../discord/render/queue.ts'
import { toEdit, toPrivate } from '../discord/send.ts'

/** One's own are shown besides. */
const MOST_JOBS = 12

export default defineCommand({
  name: 'queue',
  data: () => ({
    description: 'Who waits, for how long, and how to cancel what is yours',
  }),
  async run(interaction, context) {
    await interaction.reply(toPrivate(await look(interaction, context)))
  },
  buttons: {
    queuelook: (interaction, _, context) => lookAgain(interaction, context),
    async dequeue(interaction, jobId, context) {
      const { queue, settings } = context.services
      const rules = await settings.guild(interaction.guildId)
      queue.cancel(jobId, { id: interaction.user.id, instructor: isInstructor(interaction.member, rules) })
      await lookAgain(interaction, context)
    },
    queuepause: (interaction, _, context) => pause(interaction, context, true),
    queueresume: (interaction, _, context) => pause(interaction, context, undefined),
  },
})

async function look(
  { guildId, member, user }: ChatInputCommandInteraction<'cached'> | ButtonInteraction<'cached'>,
  { services: { queue, settings } }: BotContext,
): Promise<View> {
  const rules = await settings.guild(guildId)
  const viewer = { id: user.id, isInstructor: isInstructor(member, rules) }
  return renderQueue(queue.line(guildId, MOST_JOBS, user.id), viewer, rules.isPaused ?? false)
}

async function lookAgain(interaction: ButtonInteraction<'cached'>, context: BotContext): Promise<void> {
  await interaction.update(toEdit(await look(interaction, context)))
}

async function pause(
  interaction: ButtonInteraction<'cached'>,
  context: BotContext,
  isPaused: true | undefined,
): Promise<void> {
  const { settings } = context.services
  const { guildId, member } = interaction
  mustBeInstructor(member, await settings.guild(guildId), 'can pause the class')
  await settings.update(guildId, { isPaused })
  await lookAgain(interaction, context)
}
