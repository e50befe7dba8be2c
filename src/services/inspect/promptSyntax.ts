/**
 * The signs inside a prompt that AUTOMATIC1111 understands (its prompt_parser.py): weights, words that change during the run,
 * LoRA tags, BREAK and AND.
 */
import type { FoundLora } from './found.ts'
import { parseSchedules, type Change, type Piece } from './promptSchedules.ts'
import { weightsOf, type Weighted } from './promptWeights.ts'

export type PromptSyntax = {
  /** The prompt in pieces with their weights; 1 is a usual word. Of words that change during the run all are in it. */
  weights: Weighted[]
  /** Words that come, go or take turns while the picture is drawn. */
  changes: Change[]
  loras: FoundLora[]
  hypernets: FoundLora[]
  /** How often BREAK starts a new part. */
  breaks: number
  /** Parts joined by AND, each a prompt of its own with a weight; empty when there is only one. */
  composed: Weighted[]
}

/** Longer prompts are only found in files made to break programs; the rest is not looked at. */
const LONGEST = 8000
const TAG = /<(lora|lyco|hypernet):([^:<>]+)((?::[^:<>]*)*)>/gi

/** Takes a prompt apart. Pure; never throws. */
export function promptSyntax(prompt: string): PromptSyntax {
  const text = prompt.slice(0, LONGEST)
  const tags = [...text.matchAll(TAG)].map(([, kind = '', name = '', rest = '']) => ({
    isLora: kind.toLowerCase() !== 'hypernet',
    name: name.trim(),
    weight: tagWeight(rest),
  }))
  const words = withoutTags(text)
  const { pieces, changes } = parseSchedules(words)
  const composed = words.split(/\bAND\b(?!_(?:PERP|SALT|TOPK))/).map(composedPart)
  return {
    weights: weightsOf(allWords(pieces)),
    changes,
    loras: tags.filter(({ isLora }) => isLora).map(({ name, weight }) => ({ name, weight })),
    hypernets: tags.filter(({ isLora }) => !isLora).map(({ name, weight }) => ({ name, weight })),
    breaks: words.match(/\bBREAK\b/g)?.length ?? 0,
    composed: composed.length > 1 ? composed : [],
  }
}

/** The prompt without its LoRA tags, as the text encoder gets it. */
export function withoutTags(prompt: string): string {
  return prompt
    .replaceAll(TAG, '')
    .replaceAll(/[ \t]{2,}/g, ' ')
    .trim()
}

/** Only the words: for models that would read brackets and numbers as words. Of changing words those at the end of the run. */
export function plainWords(prompt: string): string {
  const { pieces } = parseSchedules(withoutTags(prompt.slice(0, LONGEST)))
  const last = pieces.map((piece) => (typeof piece === 'string' ? piece : piece.change.last)).join('')
  return weightsOf(last)
    .map(({ text }) => text)
    .join('')
    .replaceAll(/\s*\b(?:BREAK|AND)\b(?:\s*:[\d.]+)?\s*/g, ', ')
    .replaceAll(/\s+([,.])/g, '$1')
    .replaceAll(/(?:,\s*){2,}/g, ', ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/^[\s,]+|[\s,]+$/g, '')
}

const allWords = (pieces: readonly Piece[]): string =>
  pieces.map((piece) => (typeof piece === 'string' ? piece : piece.change.words.join(' '))).join('')

/** `:0.8`, `:0.8:0.5` (text encoder first) or `:te=0.8:unet=0.5`; the first one counts, 1 when there is none. */
function tagWeight(rest: string): number {
  const first = rest.split(':').find((part) => /\d/.test(part)) ?? '1'
  const weight = Number(first.replace(/^[a-z]+=/i, ''))
  return Number.isFinite(weight) ? weight : 1
}

function composedPart(part: string): Weighted {
  const [, words, weight] = /^([^]*?)\s*:\s*([-+]?\d*\.?\d+)\s*$/.exec(part) ?? []
  return words === undefined
    ? { text: part.trim(), weight: 1 }
    : { text: words.trim(), weight: Number(weight) }
}
