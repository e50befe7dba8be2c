/** After a start: goes on with messages that belong to no job and that a former process planned or began to send. */
import { UserError } from '../errors.ts'
import { HEARD, QUESTION } from '../services/consent/book.ts'
import type { Send } from '../services/sends.ts'
import { sendQuestion, tellAsker } from './consentQuestions.ts'
import type { BotContext } from './context.ts'
import { discordFailure } from './discordErrors.ts'
import { goOnPosting, LESSON_KEY } from './lessons/postLesson.ts'

type Tools = Pick<BotContext, 'client' | 'services' | 'guilds' | 'signal' | 'log'>

/** @param left what was unfinished before this process sent anything. Never throws. */
export async function resumeSends(tools: Tools, left: readonly Send[]): Promise<void> {
  const { log, signal } = tools
  for (const send of left) {
    try {
      await goOn(tools, send)
    } catch (error) {
      if (signal.aborted) return
      log.warn({ err: error, send: send.key }, 'a message of a former process could not be sent')
      // What is refused today is refused at every start.
      const isFinal = error instanceof UserError || discordFailure(error) === 'refused'
      if (isFinal) tools.services.sends.done(send.key, undefined)
    }
  }
}

async function goOn(tools: Tools, { key, kind, data }: Send): Promise<void> {
  const { consent, sends } = tools.services
  const requestOf = (prefix: string) => consent.request(key.slice(prefix.length))
  if (key.startsWith(QUESTION)) {
    const request = requestOf(QUESTION)
    // Answered in the meantime, or run out.
    if (!request || request.answer) sends.done(key, undefined)
    else await sendQuestion(tools, request)
  } else if (key.startsWith(HEARD)) {
    const request = requestOf(HEARD)
    if (request) await tellAsker(tools, request)
    else sends.done(key, undefined)
  } else if (key.startsWith(LESSON_KEY) && data !== undefined && sends.get(key)?.state !== 'done') {
    await goOnPosting(tools, key.slice(0, key.lastIndexOf(':')), data)
  } else if (kind === 'follow-up') {
    // Private notes cannot be looked up, so they are sent at most once.
    sends.done(key, undefined)
  }
}
