/** Private questions about a face: how they reach the person, and how the answer reaches whoever asked. */
import { DiscordAPIError } from 'discord.js'
import sharp from 'sharp'
import { UserError } from '../errors.ts'
import type { ConsentRequest, FacePicture, GivenConsent } from '../services/consent/rows.ts'
import { numberOf } from '../services/faceKit.ts'
import type { BotContext } from './context.ts'
import { removeMessages } from './removals.ts'
import type { Upload, View } from './render/blocks.ts'
import { heardInWords, renderKnock, renderQuestion } from './render/consentQuestion.ts'
import { renderNote } from './render/errors.ts'
import { toMessage } from './send.ts'

type Tools = Pick<BotContext, 'client' | 'services' | 'guilds' | 'log'>

/** How long a yes lasts, for the words of the question; the book counts from the answer. */
const CONSENT_MS = 180 * 24 * 60 * 60_000
export const untilIfToday = (): number => Date.now() + CONSENT_MS

const LARGEST = 1024
const THUMBNAIL = 160

/** The picture of a question; with several faces in it, their numbers too. */
export async function pictureOfFace(
  { services }: Pick<Tools, 'services'>,
  { inputId, face }: Pick<FacePicture, 'inputId' | 'face'>,
): Promise<{ picture: Upload; faceNote: string }> {
  const png = await services.inputs.png(inputId)
  const { count, ...boxes } = await services.kit.faces.boxes(png)
  const isOne = count <= 1
  const data = await sharp(isOne ? png : boxes.png)
    .resize(LARGEST, LARGEST, { fit: 'inside', withoutEnlargement: true })
    .png()
    .toBuffer()
  return {
    picture: {
      name: 'face.png',
      data,
      description: isOne
        ? 'The picture that the question is about, with one face.'
        : `The picture that the question is about. ${boxes.alt}`,
    },
    faceNote: isOne ? '' : ` It is about **face ${numberOf(face)}**.`,
  }
}

/** Small copies for a person's own list, by consent; a picture that is gone has none. */
export async function thumbnailsOf(
  { services }: Pick<Tools, 'services'>,
  consents: readonly GivenConsent[],
): Promise<Map<string, Upload>> {
  const made = await Promise.all(
    consents.slice(0, 8).map(async ({ id, inputId, face }): Promise<[string, Upload][]> => {
      try {
        const data = await sharp(await services.inputs.png(inputId))
          .resize(THUMBNAIL, THUMBNAIL)
          .png()
          .toBuffer()
        const description = `The picture that this consent is about, small; face ${numberOf(face)} from the left.`
        return [[id, { name: `consent-${id}.png`, data, description }]]
      } catch {
        return []
      }
    }),
  )
  return new Map(made.flat())
}

/** The question as the person asked sees it. @throws UserError when the server is served no more */
export async function questionView(tools: Tools, request: ConsentRequest): Promise<View> {
  const guild = tools.client.guilds.cache.get(request.guildId)
  if (!guild || !tools.guilds.isServed(request.guildId)) {
    throw new UserError('not-allowed', 'Darkroom does not work for this class any more.')
  }
  return renderQuestion(request, {
    ...(await pictureOfFace(tools, request)),
    className: guild.name,
    until: untilIfToday(),
    yes: `consentyes:${request.id}`,
    no: `consentno:${request.id}`,
  })
}

/** Sends the question: as a direct message, else as a knock in the channel where it was asked. */
export async function sendQuestion(tools: Tools, request: ConsentRequest): Promise<void> {
  const view = await questionView(tools, request)
  const place =
    (await tryDirect(tools, request.subject.id, view)) ??
    (await post(tools, request.channelId, renderKnock(request), request.subject.id))
  tools.services.consent.setMessage(request.id, place)
}

/** Whoever asked hears the answer: privately, else that there is one. */
export async function tellAsker(tools: Tools, request: ConsentRequest): Promise<void> {
  const { asker, channelId } = request
  const sent = await tryDirect(tools, asker.id, renderNote(heardInWords(request)))
  if (sent) return
  const words = `<@${asker.id}>, a private question of yours was answered; \`/consent list\` shows what you were given.`
  await post(tools, channelId, renderNote(words), asker.id).catch((error: unknown) =>
    tools.log.warn({ err: error }, 'an answer could not be told'),
  )
}

/** Closes questions that have run out and takes their messages away; goes on with messages that have to go. */
export async function consentChores(tools: Tools): Promise<void> {
  try {
    for (const request of await tools.services.consent.expire()) {
      if (request.message) tools.services.withdrawals.addMessage(request.message)
      await tellAsker(tools, { ...request, answer: 'expired' })
    }
    await removeMessages(tools)
  } catch (error) {
    tools.log.error({ err: error }, 'the chores of consent were not done')
  }
}

/** Undefined when the person takes no direct messages from us. */
async function tryDirect({ client, log }: Tools, personId: string, view: View) {
  try {
    const message = await client.users.send(personId, toMessage(view))
    return { channelId: message.channelId, messageId: message.id }
  } catch (error) {
    if (!(error instanceof DiscordAPIError) || error.status >= 500) throw error
    log.info({ code: error.code }, 'a person takes no direct messages')
    return undefined
  }
}

async function post({ client }: Tools, channelId: string, view: View, mention: string) {
  const channel = await client.channels.fetch(channelId)
  if (!channel?.isSendable()) throw new UserError('not-allowed', 'Darkroom may not write in this channel.')
  const message = await channel.send(toMessage(view, mention))
  return { channelId: message.channelId, messageId: message.id }
}
