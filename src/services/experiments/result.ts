/** The result of an experiment: its contact sheet with alt text, and what can be said of it. */
import type { Experiment, Picture } from '../../domain.ts'
import { reallyDrawn } from './reallyDrawn.ts'
import { textsFor } from '../infotext.ts'
import { shorten } from '../explain/words.ts'
import { addPngText } from '../pngText.ts'
import { drawContactSheet } from './contactSheet.ts'
import { measure } from './facts.ts'
import { generalSentence, measuredSentences } from './sentences.ts'
import { fixedInWords, valueInWords, variableWords } from '../../experimentWords.ts'

export type ExperimentResult = {
  /** PNG that says that a machine made it. */
  sheet: Buffer
  /** Names the values in order. */
  alt: string
  /** The values whose pictures are not there. */
  missing: string[]
  /** What such a change does to any diffusion model. One or two sentences. */
  general: string
  /** What all of them have in common, not markdown: the schedule that was really used, for instance. */
  fixed: string
  /** That more than the variable changed, because the machine did not draw what it was told; markdown. */
  careful: string | undefined
  /** What was measured in these pictures, markdown; empty for fewer than two. */
  measured: string[]
}

/**
 * @param pictures those that were drawn; `index` is that of their value
 * @param begin img2img: what all of them begin from, shown first
 */
export async function resultOf(
  experiment: Experiment,
  pictures: readonly Pick<Picture, 'index' | 'width' | 'height' | 'recipe'>[],
  pngs: readonly Uint8Array[],
  begin?: Uint8Array,
): Promise<ExperimentResult> {
  const { variable, values } = experiment
  const [first] = pictures
  const cells = values.map((value, index) => {
    const at = pictures.findIndex((picture) => picture.index === index)
    return { value, label: labelOf(experiment, value), png: at < 0 ? undefined : pngs[at] }
  })
  const drawn = cells.flatMap(({ value, png }) => (png ? [{ value, png }] : []))
  const real = reallyDrawn(experiment, pictures)
  const fixed = fixedInWords({ variable, cells: [real.recipe] })
  const [sheet, facts] = await Promise.all([
    drawContactSheet(
      [...(begin ? [{ label: 'where it begins', png: begin }] : []), ...cells],
      first ? first.height / first.width : 1,
      {
        title: `Only this changes: ${variableWords[variable].name}`,
        fixed: `The same in all: ${fixed}`,
      },
    ),
    measure(variable, drawn),
  ])
  const alt = altOf(experiment, cells, fixed, begin !== undefined)
  const { parameters: _, ...origin } = textsFor(experiment.cells[0] as Experiment['cells'][number])
  return {
    sheet: addPngText(sheet, { ...origin, Description: alt }),
    alt,
    missing: cells.flatMap(({ value, png }) => (png ? [] : [value])),
    general: generalSentence(experiment),
    fixed,
    careful: real.careful,
    measured: facts ? measuredSentences(variable, facts) : [],
  }
}

const labelOf = ({ variable }: Experiment, value: string): string =>
  variable === 'prompt' ? value : valueInWords(variable, value)

function altOf(
  experiment: Experiment,
  cells: readonly { value: string; png: Uint8Array | undefined }[],
  fixed: string,
  hasBegin: boolean,
): string {
  const { variable } = experiment
  const each = cells.map(({ value, png }, i) => {
    const words = shorten(labelOf(experiment, value), Math.floor(600 / cells.length))
    return `${i + 1}: ${words}${png ? '' : ' (could not be drawn)'}`
  })
  return (
    `Contact sheet of an experiment, made by a machine: ${cells.length} pictures that differ only in the ` +
    `${variableWords[variable].name}${hasBegin ? ', after the picture that they begin from' : ''}. ${each.join('; ')}. The same in all: ${shorten(fixed, 260)}.`
  )
}
