/**
 * The one door through which errors reach people, always privately:
 * - UserError: its own sentence; logged as info, code only
 * - BackendError: the fixed sentence of its kind; logged as a warning with its cause
 * - Discord refused: a sentence where one can still be sent; logged as a warning, never rethrown
 * - the disk is full: one sentence; logged as an error
 * - anything else is a bug: a number for the instructor; logged as an error with its stack
 */
import type { AutocompleteInteraction, Interaction, RepliableInteraction } from 'discord.js'
import { diskFullSentence, isDiskFull } from '../diskRoom.ts'
import { BackendError, UserError } from '../errors.ts'
import type { Log } from '../log.ts'
import { discordFailure, isAlreadyAcknowledged, type DiscordFailure } from './discordErrors.ts'
import type { View } from './render/blocks.ts'
import { renderError, renderLostNote, renderNoAnswer } from './render/errors.ts'
import { toEdit, toPrivate } from './send.ts'

const discordSentence: Record<Exclude<DiscordFailure, 'gone'>, string> = {
  closed:
    'Darkroom is not allowed to do that here. An instructor can run /class setup, which names the permission that is missing.',
  'too-large': 'The file is too large for this server; please try a smaller size or fewer pictures.',
  refused: 'Discord refused the answer; please try again, and tell your instructor if it happens twice.',
  unreachable: 'Discord did not answer; please try again in a minute.',
}

/** Tells the person what went wrong. Never throws; false when Discord did not take it, so that they may still wait. */
export async function replyWithError(interaction: Interaction, error: unknown, log: Log): Promise<boolean> {
  const sentence = sentenceFor(interaction, error, log)
  if (sentence === undefined) return true
  try {
    if (interaction.isAutocomplete()) await noChoices(interaction)
    else if (interaction.isRepliable()) await answerPrivately(interaction, sentence)
    return true
  } catch (failed) {
    log.warn({ err: failed }, 'an error could not be shown to the person')
    return false
  }
}

/** What the person reads; undefined when nothing can be sent any more. Writes the log. */
function sentenceFor(interaction: Interaction, error: unknown, log: Log): string | undefined {
  if (error instanceof UserError) {
    log.info({ code: error.code }, 'told the person what to change')
    return error.message
  }
  if (error instanceof BackendError) {
    log.warn({ err: error, kind: error.kind }, 'the machine that draws failed')
    return error.sentence
  }
  if (isDiskFull(error)) {
    log.error({ err: error }, 'the disk is full')
    return diskFullSentence
  }
  const failure = discordFailure(error)
  if (failure !== undefined || isAlreadyAcknowledged(error)) {
    log.warn({ err: error, failure }, 'Discord did not take an answer')
    return failure === undefined || failure === 'gone' || isAlreadyAcknowledged(error)
      ? undefined
      : discordSentence[failure]
  }
  log.error({ err: error, number: interaction.id }, 'a bug')
  return `Something broke on our side; please tell your instructor this number: ${interaction.id}`
}

async function answerPrivately(interaction: RepliableInteraction, sentence: string): Promise<void> {
  const view = renderError(sentence)
  if (!interaction.deferred && !interaction.replied) {
    try {
      return void (await interaction.reply(toPrivate(view)))
    } catch (failed) {
      if (!isAlreadyAcknowledged(failed)) throw failed
      // What was sent before had arrived, only its answer was lost: it would say "thinking" for ever.
      interaction.deferred = true
      return void (await interaction.editReply(toEdit(view)))
    }
  }
  if (interaction.deferred && interaction.ephemeral) {
    await interaction.editReply(toEdit(view))
  } else if (interaction.deferred && !interaction.replied && interaction.ephemeral === false) {
    await insteadOfPublicAnswer(interaction, view)
  } else {
    // A press that was acknowledged with deferUpdate leaves its message as it is.
    await interaction.followUp(toPrivate(view))
  }
}

/** Everyone sees "thinking"; a follow-up straight after that would take its place and be public, so that is answered first. */
async function insteadOfPublicAnswer(interaction: RepliableInteraction, view: View): Promise<void> {
  await interaction.editReply(toEdit(renderNoAnswer(interaction.user.displayName)))
  try {
    await interaction.followUp(toPrivate(view))
  } catch {
    // A private note cannot be looked up, so it is not sent again; the public message stops promising it.
    return void (await interaction.editReply(toEdit(renderLostNote())))
  }
  // Told in private, it is nobody else's business; should this fail, the message says only that it did not work.
  await interaction.deleteReply().catch(() => undefined)
}

async function noChoices(interaction: AutocompleteInteraction): Promise<void> {
  if (!interaction.responded) await interaction.respond([])
}
