/** Private questions about a face: how they reach the person, and how the answer reaches whoever asked. */
import sharp from 'sharp'
import { UserError } from '../errors.ts'
import { heardKey, questionKey } from '../services/consent/book.ts'
import type { ConsentRequest, FacePicture, GivenConsent } from '../services/consent/rows.ts'
import { numberOf } from '../services/faceKit.ts'
import type { BotContext } from './context.ts'
import { removeMessages } from './removals.ts'
import type { Upload, View } from './render/blocks.ts'
import { heardInWords, renderKnock, renderQuestion } from './render/consentQuestion.ts'
import { renderNote } from './render/errors.ts'
import { directly, inChannel, sendOnce } from './sendOnce.ts'

type Tools = Pick<BotContext, 'client' | 'services' | 'guilds' | 'signal' | 'log'>

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

/** Sends the question, once: as a direct message, else as a knock in the channel where it was asked. */
export async function sendQuestion(tools: Tools, request: ConsentRequest): Promise<void> {
  const { sends, consent } = tools.services
  const { id, subject, channelId } = request
  const key = questionKey(id)
  const place = await sendOnce(tools, { key }, [
    directly(tools, subject.id, () => questionView(tools, request)),
    inChannel(tools, channelId, () => renderKnock(request), subject.id),
  ])
  sends.done(key, place, () => place && consent.setMessage(id, place))
  if (!place) throw new UserError('not-allowed', 'Darkroom may not write in this channel.')
}

/** Whoever asked hears the answer, once: privately, else that there is one. */
export async function tellAsker(tools: Tools, request: ConsentRequest): Promise<void> {
  const { asker, channelId } = request
  const words = `<@${asker.id}>, a private question of yours was answered; \`/consent list\` shows what you were given.`
  const key = heardKey(request.id)
  const place = await sendOnce(tools, { key }, [
    directly(tools, asker.id, () => renderNote(heardInWords(request))),
    inChannel(tools, channelId, () => renderNote(words), asker.id),
  ])
  tools.services.sends.done(key, place)
  if (!place) tools.log.warn('an answer could not be told')
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
