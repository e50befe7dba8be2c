import { describe, expect, test } from 'vitest'
import { loadRegistry } from '../../src/discord/registry.ts'
import { count, plain, shorten, type View } from '../../src/discord/render/blocks.ts'
import { isError, renderError, renderLateFailure, renderNoPicture } from '../../src/discord/render/errors.ts'
import { placeInLine, progressBar, renderProgress } from '../../src/discord/render/progress.ts'
import { aboutSeconds } from '../../src/discord/render/wait.ts'
import { recipeInWords } from '../../src/discord/render/recipeInWords.ts'
import {
  pictureUpload,
  renderGalleryEntry,
  renderLateResult,
  renderResult,
} from '../../src/discord/render/result.ts'
import type { Finished } from '../../src/discord/render/result.ts'
import { sampleJob, samplePicture, sampleRecipe } from '../support/samples.ts'

const actions = [...(await loadRegistry()).actions.values()]

type Node = { type: number; content?: string; label?: string; custom_id?: string; components?: Node[] }
const all = (nodes: readonly unknown[]): Node[] =>
  (nodes as Node[]).flatMap((node) => [node, ...all(node.components ?? [])])
const words = (view: View) =>
  all(view.components)
    .flatMap(({ content }) => content ?? [])
    .join('\n')
const labels = (view: View) =>
  all(view.components).flatMap((node) => (node.label === undefined ? [] : [node.label]))

function finished(pictures = [samplePicture()], parents: Finished['parents'] = []) {
  const files = pictures.map((picture) => pictureUpload(picture, new Uint8Array([1])))
  return { job: sampleJob({ state: 'done' }), pictures, files, parents, actions }
}
const four = [0, 1, 2, 3].map((index) =>
  samplePicture({ id: `picture00000${index}`, index, recipe: sampleRecipe({ seed: 7 + index }) }),
)

describe('a result', () => {
  test('shows the prompt, the whole recipe, who asked and that a machine drew it', () => {
    const shown = words(renderResult(finished()))
    for (const part of [
      'a red heart',
      '20 steps',
      'Euler a',
      'karras',
      '**5**',
      '**7**',
      'emoji',
      'Ben',
      'machine',
    ]) {
      expect(shown).toContain(part)
    }
  })

  test('of one picture has its buttons in order', () => {
    expect(labels(renderResult(finished()))).toEqual([
      'Again',
      'Vary',
      'Change',
      'Remix',
      'How was this made?',
      'Lineage',
      'Delete',
    ])
  })

  test('of four pictures has buttons for all of them and for each', () => {
    const view = renderResult(finished(four))
    const lines = view.components.slice(1).map((row) => labels({ components: [row] }).join(' | '))
    expect(lines).toEqual([
      'Again | Change | Lineage | Delete',
      'Vary 1 | Vary 2 | Vary 3 | Vary 4',
      'Remix 1 | Remix 2 | Remix 3 | Remix 4',
      'How was 1 made? | How was 2 made? | How was 3 made? | How was 4 made?',
    ])
    expect(words(view)).toContain('seeds **7**, **8**, **9**, **10**')
    expect(all(view.components).length).toBeLessThanOrEqual(40)
    const ids = all(view.components).flatMap(({ custom_id }) => custom_id ?? [])
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('has alt text on every picture', () => {
    const view = renderResult(finished(four))
    expect(view.files?.map(({ description }) => description)).toEqual(
      four.map(() => 'Picture made by a machine: a red heart'),
    )
    expect(JSON.stringify(view.components)).toContain(
      '"description":"Picture made by a machine: a red heart"',
    )
  })

  test('says what the model did not know', () => {
    const picture = samplePicture({ notes: ['The model does not know the word “unicorn”.'] })
    expect(words(renderResult(finished([picture])))).toContain('unicorn')
  })

  test('credits the author of the picture it was made from', () => {
    const parent = samplePicture({ author: { id: '2002', name: 'Mei' } })
    expect(
      words(
        renderResult(finished([samplePicture()], [{ pictureId: 'p', relation: 'again', picture: parent }])),
      ),
    ).toContain('after a picture by **Mei**')
  })

  test('that comes late mentions its author first', () => {
    expect(words(renderLateResult(finished(), 'https://discord.com/channels/1/2/3'))).toMatch(
      /^<@2001>, your picture is ready \(\[your command\]\(https:\/\/discord\.com\/channels\/1\/2\/3\)\)\./,
    )
  })

  test('in the gallery links to the message it was made in', () => {
    const view = renderGalleryEntry(finished(), { channelId: '1001', messageId: '5000' })
    expect(words(view)).toContain('https://discord.com/channels/1000/1001/5000')
    expect(labels(view)).toContain('How was this made?')
  })

  test('of the longest prompt stays within the limits of Discord', () => {
    const picture = samplePicture({
      recipe: sampleRecipe({ prompt: '*é'.repeat(3000), negativePrompt: '_'.repeat(3000) }),
    })
    const view = renderResult(finished([picture]))
    expect(words(view).length).toBeLessThanOrEqual(4000)
    expect(view.files?.[0]?.description.length).toBeLessThanOrEqual(1024)
  })
})

describe('progress', () => {
  test('tells the place in line in words', () => {
    expect(placeInLine(1, undefined)).toBe('You are next in line. How long it takes is not known yet.')
    expect(placeInLine(2, 3)).toBe(
      'Place 2 in line: one request comes first. It will be ready in a few seconds.',
    )
    expect(placeInLine(14, 38)).toBe(
      'Place 14 in line: 13 requests come first. It will be ready in about 40 seconds.',
    )
  })

  test('tells a time as near as it is known, and no nearer', () => {
    const told: [number, string][] = [
      [1, 'a few seconds'],
      [3, 'a few seconds'],
      [4, 'about 4 seconds'],
      [9, 'about 9 seconds'],
      [12, 'about 10 seconds'],
      [13, 'about 15 seconds'],
      [41, 'about 40 seconds'],
      [57, 'about 55 seconds'],
      [58, 'about one minute'],
      [64, 'about one minute'],
      [65, 'about 70 seconds'],
      [114, 'about 110 seconds'],
      [115, 'about two minutes'],
      [149, 'about two minutes'],
      [150, 'about three minutes'],
      [600, 'about ten minutes'],
      [3569, 'about 59 minutes'],
      [3570, 'about an hour'],
      [3629, 'about an hour'],
      [3630, 'more than an hour'],
    ]
    expect(told.map(([seconds]) => aboutSeconds(seconds))).toEqual(told.map(([, words]) => words))
  })

  test('has words beside its bar, and a Cancel button', () => {
    const progress = { pictureIndex: 1, pictureCount: 4, step: 5, steps: 20, preview: undefined }
    const view = renderProgress({ job: sampleJob({ state: 'running' }), place: undefined, progress })
    expect(words(view)).toContain('Picture 2 of 4, step 5 of 20')
    // One of four pictures and a quarter of the next one: 5/16 of 20.
    expect(words(view)).toContain('`██████░░░░░░░░░░░░░░`')
    expect(labels(view)).toEqual(['Cancel'])
  })

  test('says what goes on beside the steps', () => {
    const progress = { pictureIndex: 0, pictureCount: 1, step: 0, steps: 20, preview: undefined }
    const job = sampleJob({ state: 'running' })
    const shown = (step: number) =>
      words(renderProgress({ job, place: undefined, progress: { ...progress, step, note: 'It wakes up.' } }))
    expect(shown(0)).toContain('It wakes up.')
    expect(shown(0)).not.toContain('begins to draw')
    expect(shown(3)).toContain('Step 3 of 20\nIt wakes up.')
  })

  test('has a bar that is empty at the beginning and full at the end', () => {
    expect(progressBar(0)).toBe(`\`${'░'.repeat(20)}\``)
    expect(progressBar(1)).toBe(`\`${'█'.repeat(20)}\``)
    expect(progressBar(7)).toBe(progressBar(1))
  })
})

describe('errors', () => {
  test('are known by their look', () => {
    expect(isError(renderError('Steps must be between 1 and 50.').components as { type: number }[])).toBe(
      true,
    )
    expect(isError(renderResult(finished()).components as { type: number }[])).toBe(false)
  })

  test('leave neither reason nor prompt in public', () => {
    const job = sampleJob({ state: 'failed', failure: 'The machine is ill.' })
    expect(words(renderNoPicture(job))).not.toMatch(/ill|heart/)
    expect(words(renderLateFailure(job, 'The machine is ill.', undefined))).toBe(
      '<@2001>, about your picture: The machine is ill.',
    )
  })
})

describe('words of people', () => {
  test('cannot format, mention or break a line', () => {
    expect(plain('**bold** <@123> @everyone\n# big')).toBe('\\*\\*bold\\*\\* \\<\\@123> \\@everyone # big')
    expect(plain('# big')).toBe('\\# big')
  })

  test('are cut at a whole character', () => {
    expect(shorten('ab😀cd', 4)).toBe('ab…')
    expect(shorten('abcd', 4)).toBe('abcd')
  })
})

test('the recipe in words names the variation and what was not wanted', () => {
  const recipe = sampleRecipe({ steps: 1, negativePrompt: 'blue', variationSeed: 9, variationStrength: 0.3 })
  const said = recipeInWords(recipe)
  expect(said).toContain('1 step**')
  expect(said).toContain('Not wanted: “blue”.')
  expect(said).toContain('30 % of the way to that of seed **9**')
  expect(recipeInWords(sampleRecipe())).not.toMatch(/variation|Not wanted/)
})

test('numbers up to ten are words', () => {
  expect(count(1, 'picture')).toBe('one picture')
  expect(count(2, 'picture')).toBe('two pictures')
  expect(count(11, 'picture')).toBe('11 pictures')
})
