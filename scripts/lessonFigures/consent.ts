/** Lesson 6: faces, consent, provenance. */
import { palette } from '../../src/services/explain/palette.ts'
import { rect } from '../../src/services/explain/svg.ts'
import { textPath } from '../../src/services/explain/text.ts'
import { arrow, card, MARGIN, panel, resized, SMALL } from './cards.ts'
import type { Studio } from './studio.ts'

export async function consent(studio: Studio): Promise<Record<string, Buffer>> {
  return { 'consent-flow': await consentFlow(), 'what-a-file-says': await whatAFileSays(studio) }
}

function consentFlow(): Promise<Buffer> {
  const [top, below] = [120, 356]
  const box = (x: number, y: number, width: number) => ({ x, y, width, height: 146 })
  const shapes = [
    panel(box(32, top, 340), ['1  You ask', 'for one picture', 'and one use'], palette.noise),
    arrow(380, top + 73, 422, top + 73),
    panel(box(430, top, 340), ['2  They answer', 'the person in it says', 'yes, or says no'], palette.layout),
    arrow(778, top + 73, 820, top + 73),
    panel(
      box(828, top, 340),
      ['3  It is written down', 'who, which picture,', 'for what, until when'],
      palette.detail,
    ),
    arrow(600, top + 154, 600, below - 10),
    textPath('no, or no answer', 618, below - 34, { size: SMALL, fill: palette.quiet }),
    arrow(998, top + 154, 998, below - 10),
    panel(
      { x: 32, y: below, width: 340, height: 382 },
      [
        'Who is asked?',
        'the person whose face',
        'is used, and the one',
        'in the picture that',
        'it is put into',
      ],
      palette.text,
    ),
    panel(box(430, below, 340), ['It stops here', 'silence is not a yes'], palette.guidance),
    panel(
      box(828, below, 340),
      ['4  The picture is made', 'with a visible label', 'and a mark in the file'],
      palette.change,
    ),
    arrow(998, below + 154, 998, below + 226),
    panel(
      box(430, below + 236, 738),
      ['5  A yes can be taken back', 'then the pictures made with it go, too'],
      palette.layout,
    ),
    textPath('at any time', 996 - 24, below + 196, { size: SMALL, fill: palette.quiet, anchor: 'end' }),
  ]
  return card({ title: 'No face without a yes' }, below + 236 + 146 + 32, shapes)
}

async function whatAFileSays(studio: Studio): Promise<Buffer> {
  const picture = await studio.draw({ prompt: 'a grinning face', seed: 3 })
  const [side, top, x] = [384, 120, 460]
  const rows: [string, string, string][] = [
    ['The recipe', 'prompt, seed, steps, model', palette.noise],
    ['The origin', '“made by a trained machine”', palette.change],
    ['The credits', 'who asked, whose picture it began from', palette.layout],
  ]
  const shapes = rows.flatMap(([name, words, colour], i) => {
    const y = top + 8 + i * 128
    return [
      rect({ x, y, width: 708, height: 112 }, palette.panel, 14),
      rect({ x, y, width: 8, height: 112 }, colour, 4),
      textPath(name, x + 32, y + 48, { size: 31, weight: 'semiBold', fill: colour }),
      textPath(words, x + 32, y + 88, { size: SMALL + 1 }),
    ]
  })
  return card({ title: 'What a picture can say about itself' }, top + side + 28, shapes, [
    { input: await resized(picture, side), left: MARGIN, top },
  ])
}
