/** From an attached picture to a statement about one's own face, or to a question: the steps of /consent mine and /consent ask. */
import type { ButtonInteraction, ChatInputCommandInteraction } from 'discord.js'
import { z } from 'zod'
import { downloadAttachment } from './attachments.ts'
import { countFaces, renderChoice } from './chooseFace.ts'
import { pictureOfFace, sendQuestion, untilIfToday } from './consentQuestions.ts'
import type { BotContext } from './context.ts'
import { plain, type View } from './render/blocks.ts'
import { renderStatement } from './render/consentQuestion.ts'
import { renderNote } from './render/errors.ts'

type Command = ChatInputCommandInteraction<'cached'>
type Press = ButtonInteraction<'cached'>

/** What a person has begun: whose face it is about, and which. */
export const draftSchema = z.object({
  inputId: z.string(),
  face: z.number().optional(),
  everyone: z.boolean(),
  /** Absent: it is about the person's own face. */
  subject: z.object({ id: z.string(), name: z.string() }).optional(),
})
type Draft = z.infer<typeof draftSchema>

/** Fetches the picture; with several faces in it, asks which one. */
export async function begin(
  interaction: Command,
  given: Omit<Draft, 'inputId' | 'face'>,
  context: BotContext,
): Promise<View> {
  const { services, signal } = context
  await services.consent.mustBeOn(interaction.guildId)
  const file = interaction.options.getAttachment('image', true)
  const bytes = await downloadAttachment({ name: file.name, url: file.url, size: file.size }, services.config)
  const { id: inputId } = await services.inputs.keep(bytes)
  const draft = { ...given, inputId }
  const count = await countFaces(services, inputId, 'attached', signal)
  if (count === 1) return goOn(interaction, { ...draft, face: 0 }, context)
  const draftId = services.drafts.put(interaction.user.id, draft)
  const question = given.subject
    ? `**Which face is ${plain(given.subject.name, 60)}?** This picture has several.`
    : '**Which face is yours?** This picture has several.'
  return renderChoice(services, { inputId, question, name: 'consentface', draftId }, signal)
}

/** The face is known: shows the statement, or sends the question. */
export async function goOn(interaction: Command | Press, draft: Draft, context: BotContext): Promise<View> {
  const { consent, drafts } = context.services
  const { guildId } = interaction
  const face = { inputId: draft.inputId, face: draft.face ?? 0 }
  await consent.mustBeReal(face, guildId)
  if (!draft.subject) {
    const draftId = drafts.put(interaction.user.id, draft)
    return renderStatement({
      ...(await pictureOfFace(context, face)),
      everyone: draft.everyone,
      until: untilIfToday(),
      yes: `consentmineyes:${draftId}`,
      no: `consentmineno:${draftId}`,
    })
  }
  const people = { asker: personOf(interaction), subject: draft.subject }
  const request = await consent.ask(face, people, { guildId, channelId: interaction.channelId ?? '' })
  await sendQuestion(context, request)
  return renderNote(
    `**Asked.** **${plain(draft.subject.name, 60)}** gets a private question and has seven days to answer it. You hear the answer in a direct message; until then nothing can be made with this face.`,
  )
}

export const personOf = ({ user, member }: Command | Press) => ({ id: user.id, name: member.displayName })
