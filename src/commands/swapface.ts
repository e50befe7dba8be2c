/** /swapface: the face of one picture on a person in another one. */
import {
  ApplicationCommandOptionType as Option,
  type APIApplicationCommandBasicOption,
  type ButtonInteraction,
  type ChatInputCommandInteraction,
} from 'discord.js'
import { z } from 'zod'
import { announce } from '../discord/acknowledge.ts'
import { defineCommand } from '../discord/command.ts'
import { countFaces, readChoice, renderChoice } from '../discord/chooseFace.ts'
import type { BotContext } from '../discord/context.ts'
import { bytesOf, lastPictureIn, type Found } from '../discord/pictureOfMessage.ts'
import { removeMessage } from '../discord/removeMessage.ts'
import { plain, shorten } from '../discord/render/blocks.ts'
import { renderNote } from '../discord/render/errors.ts'
import { toEdit, toPrivate } from '../discord/send.ts'
import { acceptJob } from '../discord/startJob.ts'
import { parentSchema, type Parent } from '../domain.ts'
import { UserError } from '../errors.ts'
import { priceInWords } from '../money.ts'
import { faceEngines } from '../services/faceEngines.ts'
import type { Services } from '../services/index.ts'

type Side = 'source' | 'target'
/** A picture that somebody named, before anything of it is fetched. */
type Named = { practice: string } | Found

/** Both pictures are kept; which faces are meant may still be open. */
const draftSchema = z.object({
  source: z.string(),
  target: z.string(),
  sourceFace: z.number().optional(),
  targetFace: z.number().optional(),
  engine: z.string().optional(),
  parents: z.array(parentSchema),
  /** The public message that says that somebody is choosing. */
  waiting: z.string().optional(),
})
type Draft = z.infer<typeof draftSchema>

const attachment = (name: string, description: string) => ({
  type: Option.Attachment as const,
  name,
  description,
})
const suggested = (name: string, description: string) => ({
  type: Option.String as const,
  name,
  description,
  autocomplete: true,
})

export default defineCommand({
  name: 'swapface',
  data: ({ backends }) => ({
    description: 'Puts a face on another picture: practice faces, or people who have said yes',
    options: [
      suggested('face', 'A practice face that is put on the other picture'),
      suggested('onto', 'A practice face that gets the other face'),
      attachment('source', 'Instead of face: a picture of the face'),
      attachment('target', 'Instead of onto: the picture that gets the face; left out: the last one here'),
      ...(faceEngines(backends).length > 1
        ? [suggested('engine', 'How it is done; left out: inside the bot, free')]
        : []),
    ] satisfies APIApplicationCommandBasicOption[],
  }),
  async run(interaction, context) {
    const { services, signal } = context
    const named = readOptions(interaction, services)
    const parents = [...parentOf(named.source, 'face'), ...parentOf(named.target, 'scene')]
    services.swapFaces.mustBeOriginal(parents)
    // Pictures are fetched and looked at, which takes longer than Discord waits.
    await announce(interaction, context.services)
    const [source, target] = await Promise.all([keep(named.source, services), keep(named.target, services)])
    const draft = {
      source: source.inputId,
      target: target.inputId,
      sourceFace: await onlyFace(source, 'source', services, signal),
      targetFace: await onlyFace(target, 'target', services, signal),
      engine: interaction.options.getString('engine') ?? undefined,
      parents,
    }
    if (await accepted(draft, interaction, context)) return
    const name = plain(interaction.member.displayName, 60)
    const { id } = await interaction.editReply(
      toEdit(renderNote(`${name} is choosing the faces for a swap.`)),
    )
    const view = await nextChoice({ ...draft, waiting: id }, interaction.user.id, context)
    await interaction.followUp(toPrivate(view))
  },
  autocomplete({ options }, { services }) {
    const { name, value } = options.getFocused(true)
    const search = value.trim().toLowerCase()
    const choices =
      name === 'engine'
        ? faceEngines(services.backends).map(({ id, title, price, description }) => ({
            value: id,
            name: `${title} (${priceInWords(price)}): ${description}`,
          }))
        : services.kit.practiceFaces().map(({ name: value, title, description }) => ({
            value,
            name: `${title}: ${description}`,
          }))
    return choices
      .filter((choice) => `${choice.value} ${choice.name}`.toLowerCase().includes(search))
      .map((choice) => ({ ...choice, name: shorten(choice.name, 100) }))
  },
  buttons: {
    swapfaceof: async (interaction, argument, context) => {
      const { draftId, face } = readChoice(argument)
      const { waiting, ...draft } = context.services.drafts.take(draftId, interaction.user.id, draftSchema)
      const chosen =
        draft.sourceFace === undefined ? { ...draft, sourceFace: face } : { ...draft, targetFace: face }
      if (chosen.targetFace === undefined) {
        await interaction.deferUpdate()
        const view = await nextChoice({ ...chosen, waiting }, interaction.user.id, context)
        await interaction.editReply(toEdit(view))
        return
      }
      // The result is a new public message; the one that said "is choosing" has done its work.
      await announce(interaction, context.services)
      if (waiting !== undefined) await removeMessage(context, interaction.channelId, waiting)
      await accepted(chosen, interaction, context)
    },
  },
})

/** What was named as source and as target. @throws UserError when it is too much or too little */
function readOptions(
  { options, channelId }: ChatInputCommandInteraction<'cached'>,
  services: Services,
): Record<Side, Named> {
  const read = (practice: string, attached: string): Named | undefined => {
    const name = options.getString(practice)
    const file = options.getAttachment(attached)
    if (name && file) {
      throw new UserError(
        'invalid-options',
        `Please give either \`${practice}\` or \`${attached}\`, not both.`,
      )
    }
    if (name) return { practice: practiceName(name, services) }
    return file ? { file: { name: file.name, url: file.url, size: file.size } } : undefined
  }
  const source = read('face', 'source')
  const target = read('onto', 'target')
  if (!source && !target) {
    throw new UserError(
      'invalid-options',
      'Please say whose face it is: `face:` for a practice face or `source:` for a picture; and onto whom: `onto:` or `target:`.',
    )
  }
  const missing = source
    ? 'name a practice face with `onto:`, or attach a picture as `target:`'
    : 'name a practice face with `face:`, or attach a picture as `source:`'
  const last = () => lastPictureIn(channelId, services, missing)
  return { source: source ?? last(), target: target ?? last() }
}

function practiceName(asked: string, { kit }: Services): string {
  const all = kit.practiceFaces()
  const wanted = asked.trim().toLowerCase()
  const found = all.find(({ name, title }) => [name, title].some((each) => each.toLowerCase() === wanted))
  if (found) return found.name
  const names = all.map(({ name }) => name).join(', ')
  throw new UserError('not-found', `There is no practice face “${plain(asked, 60)}”; there are: ${names}.`)
}

/** `faces`: how many there are, where that is known without looking. */
type Kept = { inputId: string; faces: number | undefined }

async function keep(named: Named, services: Services): Promise<Kept> {
  const { kit, inputs } = services
  if (!('practice' in named)) {
    return { inputId: (await inputs.keep(await bytesOf(named, services))).id, faces: undefined }
  }
  const face = kit.practiceFaces().find(({ name }) => name === named.practice)
  const { id } = await inputs.keep(await kit.practicePicture(named.practice))
  return { inputId: id, faces: face?.faces }
}

/** The number of the only face; undefined when there are several. @throws UserError when there is none */
async function onlyFace(
  { inputId, faces }: Kept,
  which: Side,
  services: Services,
  signal: AbortSignal,
): Promise<number | undefined> {
  const count = faces ?? (await countFaces(services, inputId, which, signal))
  return count === 1 ? 0 : undefined
}

const parentOf = (named: Named, relation: 'face' | 'scene'): Parent[] =>
  'picture' in named ? [{ pictureId: named.picture.id, relation }] : []

/** Accepts the job once both faces are known. */
async function accepted(
  { source, target, sourceFace, targetFace, engine, parents }: Draft,
  interaction: ChatInputCommandInteraction<'cached'> | ButtonInteraction<'cached'>,
  context: BotContext,
): Promise<boolean> {
  if (sourceFace === undefined || targetFace === undefined) return false
  const options = { source, target, sourceFace, targetFace, engine }
  await acceptJob(interaction, context, (asker, origin) =>
    context.services.swapFaces.submit(options, asker, origin, parents),
  )
  return true
}

/** Asks for the face that is still open, the source's first. */
function nextChoice(draft: Draft, personId: string, { services, signal }: BotContext) {
  const isSource = draft.sourceFace === undefined
  const draftId = services.drafts.put(personId, draft)
  const question = isSource
    ? '**Which face is taken?** The source picture has several.'
    : '**Which face is replaced?** The target picture has several.'
  const inputId = isSource ? draft.source : draft.target
  return renderChoice(services, { inputId, question, name: 'swapfaceof', draftId }, signal)
}
