/** Families over the table `parents`: who is in them, how many, what changed, and the words for it. */
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Parent, Picture, PictureRecipe, Recipe, Relation, SwapRequest } from '../../src/domain.ts'
import { openDatabase } from '../../src/services/database.ts'
import { createGallery } from '../../src/services/gallery.ts'
import { changesOf, linkWords } from '../../src/services/lineage/changes.ts'
import { creditsLine } from '../../src/services/lineage/credits.ts'
import { createFamilies, MOST_MEMBERS } from '../../src/services/lineage/family.ts'
import { familyAlt, familyInNumbers } from '../../src/services/lineage/words.ts'
import { sampleRecipe } from '../support/samples.ts'
import { temporaryFolder } from '../support/studio.ts'

const swap: SwapRequest = {
  kind: 'swap',
  model: 'landmarks',
  source: 'a'.repeat(64),
  target: 'b'.repeat(64),
  sourceFace: 0,
  targetFace: 0,
  consents: [],
}

/** A gallery whose rows are written straight into the database: ten thousand files would only take time. */
async function useFamily() {
  const folder = await temporaryFolder()
  const database = openDatabase(path.join(folder, 'darkroom.db'))
  const gallery = await createGallery({ database, dataDir: folder })
  onTestFinished(() => database.close())
  const insert = database.prepare(`
    INSERT INTO pictures (id, job_id, picture_index, recipe, author_id, author_name, guild_id, width, height, notes, created_at)
    VALUES ($id, $jobId, 0, $recipe, $author, $author, $guildId, 64, 64, '[]', $at)`)
  const link = database.prepare('INSERT INTO parents VALUES ($id, $pictureId, $relation)')
  let at = 0
  function add(
    id: string,
    parents: Parent[] = [],
    options: { author?: string; recipe?: PictureRecipe; guildId?: string } = {},
  ): string {
    const { author = 'Ben', recipe = sampleRecipe(), guildId = '100' } = options
    at++
    insert.run({ id, jobId: `job${id}`, recipe: JSON.stringify(recipe), author, guildId, at })
    for (const parent of parents) link.run({ id, ...parent })
    return id
  }
  const familyOf = createFamilies(database, gallery)
  const family = (id: string) => familyOf(gallery.get(id) as Picture)
  return { add, gallery, family, database }
}
const from = (pictureId: string, relation: Relation = 'again'): Parent => ({ pictureId, relation })
const ids = ({ members }: { members: readonly { id: string }[] }) => members.map(({ id }) => id)

describe('a family', () => {
  it('has ancestors and descendants, nearest first, but no cousins', async () => {
    const { add, family } = await useFamily()
    add('a')
    add('b', [from('a')])
    add('cousin', [from('a')])
    add('c', [from('b')])
    add('d', [from('c')])
    expect(ids(family('b'))).toEqual(['b', 'a', 'c', 'd'])
    expect(family('b').links).toHaveLength(3)
    expect(family('a').members).toHaveLength(5)
    expect(family('a').more).toBe(0)
  })

  it('ends where pictures come from each other', async () => {
    const { add, family } = await useFamily()
    add('a', [from('c'), from('a')])
    add('b', [from('a')])
    add('c', [from('b')])
    expect(ids(family('b')).sort()).toEqual(['a', 'b', 'c'])
    expect(creditsLine(family('b'))).toMatch(/^After /)
    expect(familyAlt(family('b'))).toContain('3 pictures')
  })

  it('goes on through deleted pictures, of which it knows nothing', async () => {
    const { add, gallery, family } = await useFamily()
    add('a')
    add('b', [from('a', 'change')], { recipe: sampleRecipe({ prompt: 'a secret' }), author: 'Mei' })
    add('c', [from('b', 'vary')], { author: 'Noor' })
    await gallery.remove('b')
    const found = family('c')
    expect(ids(found)).toEqual(['c', 'b', 'a'])
    expect(found.members[1]).toEqual({ id: 'b', picture: undefined, isAsked: false })
    expect(creditsLine(found)).toBe('After “a red heart” by Ben, then a deleted picture, varied by Noor')
    expect(JSON.stringify(found) + familyAlt(found)).not.toMatch(/secret|Mei/)
  })

  it('stays within its server', async () => {
    const { add, family } = await useFamily()
    add('a', [], { guildId: '999' })
    add('b', [from('a')])
    add('c', [from('b')], { guildId: '999' })
    add('d', [from('c')])
    expect(ids(family('b'))).toEqual(['b'])
    expect(family('b').more).toBe(0)
  })

  it('has at most a hundred members, says how many more there are, and still credits the first', async () => {
    const { add, family } = await useFamily()
    add('a', [], { author: 'Ida' })
    add('b', [from('a')], { author: 'Mei' })
    add('x', [from('b')])
    for (let i = 0; i < 150; i++) add(`x${i}`, [from('x')])
    const found = family('x')
    expect(found.members).toHaveLength(MOST_MEMBERS)
    expect(found.more).toBe(153 - MOST_MEMBERS)
    expect(ids(found)).toContain('b')
    expect(familyInNumbers(found)).toBe('153 pictures; the nearest 100 are shown, 53 more are not')
    expect(creditsLine(found)).toBe('After “a red heart” by Ida, drawn again by Mei, then Ben')
    expect(found.links.every(({ childId }) => ids(found).includes(childId))).toBe(true)
  })

  it('is found quickly among ten thousand pictures that all belong to it', async () => {
    const { add, family, database } = await useFamily()
    database.exec('BEGIN')
    add('p0')
    // Each comes from two others, so there are more ways than could ever be walked one by one.
    for (let i = 1; i < 10_000; i++) {
      add(`p${i}`, [from(`p${Math.floor(i / 2)}`), from(`p${Math.floor((i - 1) / 3)}`, 'remix')])
    }
    database.exec('COMMIT')
    family('p1')
    const started = performance.now()
    const found = family('p0')
    // Some milliseconds on an idle machine; a walk that follows every way would never end.
    expect(performance.now() - started).toBeLessThan(500)
    expect(found.members).toHaveLength(MOST_MEMBERS)
    expect(familyInNumbers(found)).toBe(
      'at least 2000 pictures; the nearest 100 are shown, the others are not',
    )
  })
})

describe('what changed', () => {
  const changes = (after: Partial<Recipe>, before: Partial<Recipe> = {}, relation: Relation = 'change') =>
    changesOf({
      relation,
      parent: sampleRecipe(before),
      child: sampleRecipe({ ...before, ...after }),
    })

  it.each<[string, Partial<Recipe>, Partial<Recipe>, Relation, string[]]>([
    ['prompt', { prompt: 'a blue heart' }, {}, 'change', ['new prompt: a blue heart']],
    ['steps', { steps: 8 }, {}, 'change', ['steps 20 → 8']],
    ['seed', { seed: 12 }, {}, 'again', ['seed 7 → 12']],
    ['long seed', { seed: 4_000_000_001 }, {}, 'again', ['new seed 4000000001']],
    ['variation', { variationSeed: 3, variationStrength: 0.3 }, {}, 'vary', ['varied 30 %']],
    ['strength', { initImage: 'a'.repeat(64), denoisingStrength: 0.6 }, {}, 'remix', ['strength 0.6']],
    ['negative', { negativePrompt: 'ink' }, {}, 'change', ['not wanted: ink']],
    ['LoRA', { loras: [{ name: 'ink', weight: 0.8 }] }, {}, 'change', ['LoRA ink 0.8']],
    ['no style', { styles: [] }, { styles: ['ink'] }, 'change', ['no style']],
    ['size', { width: 96 }, {}, 'change', ['size 64 × 64 → 96 × 64']],
    ['kept input', {}, { initImage: 'a'.repeat(64), denoisingStrength: 0.6 }, 'again', []],
    ['nothing', {}, {}, 'again', []],
  ])('in %s is said in plain words', (_, after, before, relation, expected) => {
    expect(changes(after, before, relation)).toEqual(expected)
  })

  it('is the face and the scene of a swap', () => {
    const parent = sampleRecipe({ prompt: 'a sailor' })
    expect(linkWords({ relation: 'face', parent, child: swap })).toBe('face of “a sailor”')
    expect(linkWords({ relation: 'scene', parent, child: swap })).toBe('another face')
    expect(linkWords({ relation: 'face', parent: undefined, child: swap })).toBe('face of a deleted picture')
  })

  it('is not told of deleted pictures, only how they came about', () => {
    const known = sampleRecipe({ variationSeed: 3, variationStrength: 0.3 })
    expect(linkWords({ relation: 'remix', parent: known, child: undefined })).toBe('remixed')
    expect(linkWords({ relation: 'vary', parent: undefined, child: known })).toBe('varied 30 %')
    expect(linkWords({ relation: 'again', parent: undefined, child: known })).toBe('again')
  })
})

describe('the line of credits', () => {
  it('names the first picture, then everyone in order, once for each kind of step', async () => {
    const { add, family } = await useFamily()
    add('a')
    add('b', [from('a', 'remix')], { author: 'Mei' })
    add('c', [from('b', 'remix')], { author: 'Noor' })
    add('d', [from('c', 'remix')], { author: 'Noor' })
    expect(creditsLine(family('d'))).toBe('After “a red heart” by Ben, remixed by Mei, then Noor')
    expect(creditsLine(family('a'))).toBe('“a red heart” by Ben')
  })

  it('credits the face and the scene of a swap', async () => {
    const { add, family } = await useFamily()
    add('a', [], { recipe: sampleRecipe({ prompt: 'a sailor' }) })
    add('b', [], { author: 'Mei' })
    add('c', [from('a', 'face'), from('b', 'scene')], { author: 'Noor', recipe: swap })
    expect(creditsLine(family('c'))).toBe(
      'After “a red heart” by Mei, given another face by Noor; the face from “a sailor” by Ben',
    )
  })

  it('is one line that fits into a block of code, whatever people are called', async () => {
    const { add, family } = await useFamily()
    add('a', [], { author: 'B`en\n```', recipe: sampleRecipe({ prompt: 'a ``` b\nc' }) })
    expect(creditsLine(family('a'))).toBe('“a ’’’ b c” by B’en ’’’')
  })

  it('stays short when a hundred people are in it', async () => {
    const { add, family } = await useFamily()
    add('p0')
    for (let i = 1; i < 90; i++)
      add(`p${i}`, [from(`p${i - 1}`, i % 2 ? 'remix' : 'again')], { author: `N${i}` })
    const line = creditsLine(family('p89'))
    expect(line).toContain('then 49 more')
    expect(line).toMatch(/^After “a red heart” by Ben, remixed by N1, .* by N89$/)
    expect(line.length).toBeLessThan(1500)
  })
})

it('tells the tree in at most a thousand characters, and how much it leaves out', async () => {
  const { add, family } = await useFamily()
  add('a')
  for (let i = 0; i < 60; i++) add(`x${i}`, [from('a', 'vary')], { author: 'Mei' })
  const alt = familyAlt(family('a'))
  expect(alt.length).toBeLessThanOrEqual(1000)
  expect(alt).toMatch(/ And \d+ more\.$/)
  expect(alt).toContain(
    '1: “a red heart” by Ben (this picture). 2: “a red heart” by Mei, from 1 (varied, nothing is different).',
  )
})
