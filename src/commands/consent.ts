/** /consent: who may use one's face, asking others, and taking a yes back. Everything in it is private. */
import {
  ApplicationCommandOptionType as Option,
  MessageFlags,
  type ButtonInteraction,
  type ChatInputCommandInteraction,
} from 'discord.js'
import { readChoice } from '../discord/chooseFace.ts'
import { defineCommand } from '../discord/command.ts'
import { questionView, tellAsker, thumbnailsOf } from '../discord/consentQuestions.ts'
import { begin, draftSchema, goOn, personOf } from '../discord/consentSteps.ts'
import type { BotContext } from '../discord/context.ts'
import { isInstructor, mustBeInstructor } from '../discord/permissions.ts'
import { removeMessages } from '../discord/removals.ts'
import {
  renderList,
  renderWithdrawable,
  renderWithdrawQuestion,
  withdrawnInWords,
} from '../discord/render/consentList.ts'
import { answeredInWords } from '../discord/render/consentQuestion.ts'
import { renderNote } from '../discord/render/errors.ts'
import { toEdit } from '../discord/send.ts'
import { UserError } from '../errors.ts'

type Command = ChatInputCommandInteraction<'cached'>

const EVERYONE = 'everyone'

const image = {
  type: Option.Attachment as const,
  name: 'image',
  description: 'A picture with the face: PNG, JPEG or WebP',
  required: true,
}

export default defineCommand({
  name: 'consent',
  data: () => ({
    description: 'Who may use your face, and asking others for theirs; all of it is private',
    options: [
      {
        type: Option.Subcommand,
        name: 'mine',
        description: 'Allow a picture of your own face for face swaps',
        options: [
          image,
          {
            type: Option.String,
            name: 'who',
            description: 'Who may use it; left out: only you',
            choices: [
              { name: 'only me', value: 'me' },
              { name: 'everyone in this class', value: EVERYONE },
            ],
          },
        ],
      },
      {
        type: Option.Subcommand,
        name: 'ask',
        description: 'Ask a person for their face; they answer in private',
        options: [
          { type: Option.User, name: 'person', description: 'The person in the picture', required: true },
          image,
        ],
      },
      { type: Option.Subcommand, name: 'list', description: 'What you have given and what you were given' },
      {
        type: Option.Subcommand,
        name: 'withdraw',
        description: 'Take a yes back: every picture made with it is deleted',
        options: [
          {
            type: Option.User,
            name: 'person',
            description: 'For instructors: take back what this person has given',
          },
        ],
      },
    ],
  }),
  async run(interaction, context) {
    // Pictures are fetched and looked at, which takes longer than Discord waits.
    await interaction.deferReply({ flags: MessageFlags.Ephemeral })
    const part = interaction.options.getSubcommand()
    await interaction.editReply(toEdit(await parts[part as keyof typeof parts](interaction, context)))
  },
  buttons: {
    consentface: async (interaction, argument, context) => {
      const { draftId, face } = readChoice(argument)
      const draft = context.services.drafts.take(draftId, interaction.user.id, draftSchema)
      await interaction.deferUpdate()
      await interaction.editReply(toEdit(await goOn(interaction, { ...draft, face }, context)))
    },
    consentmineyes: async (interaction, draftId, { services }) => {
      const draft = services.drafts.take(draftId, interaction.user.id, draftSchema)
      await interaction.deferUpdate()
      const me = personOf(interaction)
      const face = { inputId: draft.inputId, face: draft.face ?? 0 }
      try {
        await services.consent.declare(face, me, interaction.guildId, draft.everyone ? undefined : me)
      } catch (error) {
        services.inputUse.release([draft.inputId])
        throw error
      }
      const who = draft.everyone ? 'Everyone in this class' : 'You, and nobody else,'
      await interaction.editReply(
        toEdit(
          renderNote(
            `**Noted.** ${who} may use this picture of your face with \`/swapface\`. Take it back at any time with \`/consent withdraw\`.`,
          ),
        ),
      )
    },
    consentmineno: async (interaction, draftId, { services }) => {
      const { inputId } = services.drafts.take(draftId, interaction.user.id, draftSchema)
      services.inputUse.release([inputId])
      await interaction.update(toEdit(renderNote('Nothing was stored, and the picture was deleted here.')))
    },
    consentopen: async (interaction, id, context) => {
      const request = context.services.consent.question(id, interaction.user.id)
      await interaction.deferReply({ flags: MessageFlags.Ephemeral })
      await interaction.editReply(toEdit(await questionView(context, request)))
    },
    consentwithdraw: async (interaction, id, { services }) => {
      const { consent, ...loss } = services.withdrawals.preview(id, await byWhom(interaction, services))
      await interaction.update(toEdit(renderWithdrawQuestion(consent, loss, interaction.user.id)))
    },
    consentkeep: (interaction) => interaction.update(toEdit(renderNote('Kept.'))).then(() => undefined),
    consenttakeback: async (interaction, id, context) => {
      const { services } = context
      const by = await byWhom(interaction, services)
      services.withdrawals.preview(id, by)
      await interaction.deferUpdate()
      const done = await services.withdrawals.withdraw(id, by)
      const messages = await removeMessages(context)
      await interaction.editReply(toEdit(renderNote(withdrawnInWords({ ...done, ...messages }))))
    },
  },
  privateButtons: {
    consentyes: (interaction, id, context) => answer(interaction, id, 'yes', context),
    consentno: (interaction, id, context) => answer(interaction, id, 'no', context),
  },
})

const parts = {
  mine: (interaction: Command, context: BotContext) =>
    begin(interaction, { everyone: interaction.options.getString('who') === EVERYONE }, context),
  ask(interaction: Command, context: BotContext) {
    const member = interaction.options.getMember('person')
    if (!member)
      throw new UserError('invalid-options', 'This person is not in the class; please choose another one.')
    if (member.user.bot) throw new UserError('invalid-options', 'A bot has no face; please choose a person.')
    const subject = { id: member.id, name: member.displayName }
    return begin(interaction, { everyone: false, subject }, context)
  },
  async list({ user, guildId }: Command, context: BotContext) {
    const all = context.services.consent.of(user.id, guildId)
    return renderList({ ...all, viewer: user.id, thumbnails: await thumbnailsOf(context, all.given) })
  },
  async withdraw({ user, guildId, member, options }: Command, context: BotContext) {
    const { consent, settings } = context.services
    const other = options.getUser('person')
    if (!other || other.id === user.id) {
      const { given } = consent.of(user.id, guildId)
      return renderWithdrawable({ given, viewer: user.id, thumbnails: await thumbnailsOf(context, given) })
    }
    mustBeInstructor(member, await settings.guild(guildId), 'can take back what somebody else has given')
    const { given } = consent.of(other.id, guildId)
    return renderWithdrawable({ given, viewer: user.id, thumbnails: new Map() }, other.displayName)
  },
}

async function answer(
  interaction: ButtonInteraction,
  id: string,
  given: 'yes' | 'no',
  context: BotContext,
): Promise<void> {
  const { consent, withdrawals } = context.services
  const request = await consent.answer(id, interaction.user.id, given)
  await interaction.update(toEdit(renderNote(answeredInWords(request))))
  // The knock in the channel has done its work.
  if (request.message && request.message.messageId !== interaction.message.id) {
    withdrawals.addMessage(request.message)
    await removeMessages(context)
  }
  await tellAsker(context, request)
}

async function byWhom(interaction: ButtonInteraction<'cached'>, { settings }: BotContext['services']) {
  const { member, guildId } = interaction
  const isOne = isInstructor(member, await settings.guild(guildId))
  return { ...personOf(interaction), instructorIn: isOne ? guildId : undefined }
}
