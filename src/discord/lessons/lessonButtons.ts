/** The buttons in a lesson: answers of questions, and the pages of the private reader. */
import type { ButtonInteraction } from 'discord.js'
import { UserError } from '../../errors.ts'
import type { BotContext } from '../context.ts'
import { renderNote } from '../render/errors.ts'
import { pagesOf } from '../render/lesson.ts'
import { feedbackInWords } from '../render/lessonBlocks.ts'
import { toEdit, toPrivate } from '../send.ts'
import { viewOf } from './postLesson.ts'

/** Custom id `answer:<lessonSlug>/<questionId>/<n>`. */
export async function pressAnswer(
  interaction: ButtonInteraction<'cached'>,
  argument: string,
  { services: { lessons } }: BotContext,
): Promise<void> {
  const { guildId, user, member } = interaction
  const [slug, id, index] = argument.split('/')
  const { lesson, question } = lessons.question(guildId, `${slug}/${id}`)
  const n = Number(index)
  const chosen = question.answers[n]
  if (!chosen) throw new UserError('not-found', 'This answer is not there any more; please pick another one.')
  const given = { guildId, lesson: lesson.slug, question: question.id, answer: n, isRight: chosen.isRight }
  lessons.answer(given, { id: user.id, name: member.displayName })
  await interaction.reply(toPrivate(renderNote(feedbackInWords(question, n))))
}

/** Custom id `lessonpage:<lessonSlug>/<number>`: the private reader turns a page. */
export async function turnPage(
  interaction: ButtonInteraction<'cached'>,
  argument: string,
  { services: { lessons } }: BotContext,
): Promise<void> {
  const [slug = '', number] = argument.split('/')
  const page = pagesOf(lessons.get(interaction.guildId, slug))[Number(number) - 1]
  if (!page) throw new UserError('not-found', 'This page is not there any more; please open the lesson anew.')
  await interaction.deferUpdate()
  await interaction.editReply(toEdit(await viewOf(page, lessons, { isTurned: true })))
}
