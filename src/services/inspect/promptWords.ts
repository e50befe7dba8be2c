/** What the signs inside a prompt do, in sentences for art students. Pure. */
import type { Found } from './found.ts'
import { promptSyntax, type PromptSyntax } from './promptSyntax.ts'
import type { Change } from './promptSchedules.ts'

/** How words from a file are written, e.g. without formatting. */
type Escape = (words: string) => string

const MOST_WEIGHTS = 6
const MOST_CHANGES = 4

/** One sentence for each sign in the prompt; none for a prompt of plain words. */
export function promptInWords(found: Found, escape: Escape = (words) => words): string[] {
  if (!found.recipe) return []
  const syntax = promptSyntax(found.recipe.prompt)
  const weights = weightsInWords(syntax, escape)
  // ComfyUI knows round brackets only; LoRAs are nodes there, and nothing changes during the run.
  if (found.tool === 'ComfyUI') return weights
  return [
    ...weights,
    ...syntax.changes.slice(0, MOST_CHANGES).map((change) => changeInWords(change, escape)),
    ...(syntax.composed.length > 0
      ? [
          `AND: ${syntax.composed.length} prompts are drawn together, and their pulls on the picture are added up.`,
        ]
      : []),
    ...(syntax.breaks > 0
      ? ['BREAK: what follows is read as a new part, apart from the words before it.']
      : []),
    ...syntax.hypernets.map(
      ({ name, weight }) =>
        `A hypernetwork, “${escape(name)}”, changes the model a little (weight ${weight}).`,
    ),
  ]
}

function weightsInWords({ weights, changes }: PromptSyntax, escape: Escape): string[] {
  const inChanges = changes.flatMap(({ words }) => words)
  const weighted = weights
    .map(({ text, weight }) => ({ text: text.replaceAll(/^[\s,]+|[\s,]+$/g, ''), weight: round(weight) }))
    .filter(({ text, weight }) => weight !== 1 && /[\p{L}\p{N}]/u.test(text) && !inChanges.includes(text))
  const sentences = weighted
    .slice(0, MOST_WEIGHTS)
    .map(
      ({ text, weight }) =>
        `“${escape(text)}” counts ${weight} times${weight > 1 ? '' : ', less than the other words'}.`,
    )
  const left = weighted.length - sentences.length
  return left > 0 ? [...sentences, `${left} more parts of the prompt have weights.`] : sentences
}

function changeInWords({ kind, source, words, at }: Change, escape: Escape): string {
  const [first = '', second = ''] = words.map((each) => escape(each.trim() || 'nothing'))
  const sign = `“${escape(source)}”:`
  if (kind === 'alternate') {
    return `${sign} ${words.map((each) => escape(each.trim() || 'nothing')).join(' and ')} take turns, step by step.`
  }
  if (kind === 'add') return `${sign} ${second} comes in only ${after(at)}.`
  if (kind === 'remove') return `${sign} ${first} is there ${until(at)}, then no longer.`
  return `${sign} ${first} ${until(at)}, then ${second}.`
}

const until = (at: number): string =>
  at >= 1
    ? `up to step ${Math.floor(at)}`
    : at === 0.5
      ? 'for the first half of the steps'
      : `for the first ${percent(at)} of the steps`
const after = (at: number): string =>
  at >= 1
    ? `after step ${Math.floor(at)}`
    : at === 0.5
      ? 'after half of the steps'
      : `after ${percent(at)} of the steps`
const percent = (at: number) => `${Math.round(at * 100)} %`
const round = (weight: number) => Math.round(weight * 1000) / 1000
