/** /lesson import: an attached Markdown file becomes a lesson of this server, or its errors are listed with their lines. */
import type { Attachment } from 'discord.js'
import type { Config } from '../../config.ts'
import { UserError } from '../../errors.ts'
import { problemInWords, type Problem } from '../../services/lessons/lesson.ts'
import type { Lessons } from '../../services/lessons/index.ts'
import { downloadAttachment } from '../attachments.ts'
import { count, plain } from '../render/blocks.ts'

/** Six times the longest of ours. */
const MOST_BYTES = 64 * 1024
const MOST_PROBLEMS = 25

/** @returns what the instructor reads. @throws UserError for what is no small text file */
export async function importLesson(
  attachment: Attachment,
  guildId: string,
  { lessons, config }: { lessons: Lessons; config: Config },
): Promise<string> {
  if (!/\.(md|markdown|txt)$/i.test(attachment.name))
    throw new UserError(
      'invalid-options',
      'A lesson is a Markdown file; please attach one whose name ends in .md.',
    )
  if (attachment.size > MOST_BYTES) throw tooLarge()
  const bytes = await downloadAttachment(attachment, config)
  if (bytes.byteLength > MOST_BYTES) throw tooLarge()
  const { lesson, problems } = await lessons.import(guildId, attachment.name, textOf(bytes))
  if (!lesson) return problemsInWords(attachment.name, problems)
  return `**${plain(lesson.title)}** is ready. See it with \`/lesson preview\`, show it with \`/lesson post\`.`
}

function problemsInWords(fileName: string, problems: readonly Problem[]): string {
  const shown = problems.slice(0, MOST_PROBLEMS)
  const more = problems.length - shown.length
  return [
    `**${plain(fileName, 80)} was not imported; ${count(problems.length, 'thing has', 'things have')} to be mended:**`,
    ...shown.map((problem) => `- ${plain(problemInWords(problem), 250)}`),
    ...(more > 0 ? [`- and ${more} more`] : []),
  ]
    .join('\n')
    .slice(0, 3900)
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new UserError(
      'invalid-options',
      'The file is not text in UTF-8; please save it so and attach it again.',
    )
  }
}

const tooLarge = () =>
  new UserError(
    'invalid-options',
    `A lesson may have ${MOST_BYTES / 1024} kB; please shorten it or make two.`,
  )
