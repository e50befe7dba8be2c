/** What was read out of a picture file, as a message. Pure. */
import { ButtonStyle } from 'discord.js'
import { isSwap, type Picture } from '../../domain.ts'
import type { Found, Here } from '../../services/inspect/index.ts'
import { button, container, plain, rows, shorten, smallText, text, type View } from './blocks.ts'

export type Inspected = {
  found: Found
  /** Every setting and every sign in the prompt, escaped. */
  words: { settings: readonly string[]; prompt: readonly string[] }
  unmatched: Here['unmatched']
  /** Ours, and the pictures that it was made from, if they are still there. */
  ours: { picture: Picture; parents: readonly Picture[] } | undefined
  /** Custom id of "Make it here"; undefined where there is nothing to make. */
  makeButton: string | undefined
}

/** Discord's limit on the text of one message, with some room. */
const LONGEST_MESSAGE = 3900
const LONGEST = { prompt: 900, negative: 300, settings: 1300, signs: 400, note: 200 }

/** The private answer to /inspect and "Show recipe". */
export function renderRecipe({ found, words, unmatched, ours, makeButton }: Inspected): View {
  const { recipe } = found
  const credit = ours ? [smallText(creditOf(ours))] : []
  if (ours && isSwap(ours.picture.recipe)) {
    const words = 'It was made from two pictures, so it has no prompt and no settings to show.'
    return {
      components: [container('explanation', [text('### A face swap, made here'), text(words), ...credit])],
    }
  }
  if (!recipe) {
    const why = found.why.map((sentence) => plain(sentence, 600)).join('\n\n')
    return { components: [container('explanation', [text(`### ${titleOf(found)}`), text(why), ...credit])] }
  }
  const first = [
    text(`### ${titleOf(found)}`),
    text(promptsOf(recipe)),
    text(list('What it was made with', words.settings, LONGEST.settings)),
    ...(words.prompt.length > 0 ? [text(list('Signs in the prompt', words.prompt, LONGEST.signs))] : []),
  ]
  const last = [...recipe.notes.slice(0, 2).map((note) => smallText(plain(note, LONGEST.note))), ...credit]
  const used = [...first, ...last].reduce((sum, { content }) => sum + content.length, 0)
  const here =
    makeButton === undefined && unmatched.length === 0
      ? []
      : [text(hereInWords(unmatched, LONGEST_MESSAGE - used))]
  return {
    components: [
      container('explanation', [...first, ...here, ...last]),
      ...(makeButton ? rows([button(makeButton, 'Make it here', ButtonStyle.Primary)]) : []),
    ],
  }
}

/** Asks once before something else than the picture of the file is made, or before it costs money. */
export function renderOffer(unmatched: readonly string[], cost: string | undefined, customId: string): View {
  const differs = unmatched.length > 0 ? [text(hereInWords(unmatched, LONGEST_MESSAGE - 200))] : []
  return {
    components: [
      container('explanation', [
        ...differs,
        ...(cost === undefined ? [] : [text(cost)]),
        text('Shall it be made like this?'),
      ]),
      ...rows([button(customId, 'Make it like this', ButtonStyle.Primary)]),
    ],
  }
}

function titleOf({ tool, recipe, format }: Found): string {
  if (recipe)
    return tool === 'Darkroom' ? 'Made here, with Darkroom' : `Made with ${plain(tool ?? 'a program', 60)}`
  return tool ? `Made with ${plain(tool, 60)}, but its recipe cannot be read` : `No recipe in this ${format}`
}

function promptsOf({ prompt, negativePrompt }: NonNullable<Found['recipe']>): string {
  const words =
    prompt.trim() === ''
      ? 'It has no prompt.'
      : `**“${within(plain(prompt, LONGEST.prompt), LONGEST.prompt)}”**`
  if (negativePrompt.trim() === '') return words
  return `${words}\nNot wanted: “${within(plain(negativePrompt, LONGEST.negative), LONGEST.negative)}”`
}

function hereInWords(unmatched: readonly string[], room: number): string {
  if (unmatched.length === 0) return 'Everything in this recipe can be had here.'
  const sentences = unmatched.map((sentence) => plain(sentence, 250))
  return list('What will differ when it is made here', sentences, room - 60)
}

/** As many lines as have room, and how many are left. */
function list(title: string, lines: readonly string[], limit: number): string {
  const shown: string[] = []
  let length = 0
  for (const line of lines) {
    length += line.length + 3
    if (length > limit) break
    shown.push(`- ${line}`)
  }
  const left = lines.length - shown.length
  return [`**${title}**`, ...shown, ...(left > 0 ? [`- and ${left} more`] : [])].join('\n')
}

/** Escaping makes words longer; a lone backslash at the end would escape what follows. */
const within = (escaped: string, limit: number) => shorten(escaped, limit).replace(/\\+…$/, '…')

function creditOf({ picture, parents }: NonNullable<Inspected['ours']>): string {
  const by = `Asked for by **${plain(picture.author.name, 60)}** of this class`
  const authors = [...new Set(parents.map(({ author }) => `**${plain(author.name, 60)}**`))]
  const after =
    authors.length === 0
      ? ''
      : `, after ${parents.length === 1 ? 'a picture' : 'pictures'} by ${authors.join(' and ')}`
  return `${by}${after}`
}
