import { describe, expect, it } from 'vitest'
import { problemInWords } from '../../src/services/lessons/lesson.ts'
import { parseLesson } from '../../src/services/lessons/parse.ts'
import { lessonText } from '../support/lessonText.ts'

const problemsOf = (source: string) => parseLesson('colour', source).problems.map(problemInWords)
const withChange = (from: string | RegExp, to: string) =>
  problemsOf(lessonText((text) => text.replace(from, to)))

describe('a lesson that is right', () => {
  const { lesson } = parseLesson('colour', lessonText())

  it('has its front matter, and its blocks with their lines', () => {
    expect(lesson).toMatchObject({ slug: 'colour', title: 'Colour: a test', minutes: 5, order: 50 })
    expect(lesson?.blocks.map(({ kind, line }) => [kind, line])).toEqual([
      ['text', 7],
      ['figure', 14],
      ['experiment', 16],
      ['question', 29],
    ])
  })

  it('joins the lines of a paragraph and keeps those of a list, because Discord keeps every line break', () => {
    expect(lesson?.blocks[0]).toMatchObject({
      markdown: '# A heading\nA paragraph that goes on over two lines.\n\n- one\n- two',
    })
  })

  it('has experiments whose values may hold commas and whose sentences may hold colons', () => {
    expect(lesson?.blocks[2]).toMatchObject({
      experiment: {
        id: 'colours',
        variable: 'prompt',
        values: ['a red heart', 'a heart, blue'],
        recipe: { prompt: 'a red heart', seed: 7, steps: 2 },
        expect: 'What stays: the shape?',
        choices: ['Everything', 'Nothing'],
        explain: 'The noise is the same, so the shape is: look.',
      },
    })
  })

  it('has questions with the answers in order', () => {
    expect(lesson?.blocks[3]).toMatchObject({
      question: {
        answers: [
          { text: 'The noise', isRight: true, because: 'Yes. The seed sets it.' },
          { text: 'The words', isRight: false, because: 'They differ. Look again.' },
        ],
      },
    })
  })

  it('may be written on Windows, with a byte order mark and numbers as values', () => {
    const source = lessonText((text) => `\uFEFF${text.replaceAll('\n', '\r\n')}`)
      .replace('variable: prompt   # what changes', 'variable: cfg')
      .replace(/values: .*/, 'values: [1, 4.5]\r\nprompt: a heart')
    const { lesson: other, problems } = parseLesson('colour', source)
    expect(problems).toEqual([])
    expect(other?.blocks[2]).toMatchObject({
      experiment: { values: [1, 4.5], recipe: { prompt: 'a heart' } },
    })
  })
})

describe('errors name the line and say what to change', () => {
  it.each<[what: string, from: string | RegExp, to: string, expected: string]>([
    [
      'no front matter',
      '---\n',
      '',
      'line 1: The file must begin with a line "---", then title, summary and minutes, then a line "---".',
    ],
    ['no title', /title: Colour.*\n/, '', 'line 1: A lesson needs "title: ...".'],
    [
      'an unknown key',
      'summary:',
      'sumary:',
      'line 3: A lesson has no "sumary"; it may have: title, summary, minutes, order.',
    ],
    [
      'words for a number',
      'minutes: 5',
      'minutes: five',
      'line 4: "minutes" must be a whole number from 1 to 600; it is "five".',
    ],
    [
      'a figure from elsewhere',
      'figures/four-seeds.png',
      'https://example.org/a.png',
      'line 14: A figure is one that comes with Darkroom, as in figures/four-seeds.png; this one is "https://example.org/a.png".',
    ],
    [
      'a figure out of its folder',
      'figures/four-seeds.png',
      'figures/../pictures/apple.png',
      'line 14: A figure is one that comes with Darkroom, as in figures/four-seeds.png; this one is "figures/../pictures/apple.png".',
    ],
    [
      'a figure without words',
      '![Four lemons]',
      '![]',
      'line 14: A figure needs words for people who do not see it: ![these words](...).',
    ],
    [
      'a figure inside a line',
      '![Four lemons]',
      'See ![Four lemons]',
      'line 14: A figure stands on a line of its own.',
    ],
    [
      'an unknown block',
      '```experiment',
      '```experimnt',
      'line 16: There is no block "experimnt"; blocks are experiment and question.',
    ],
    [
      'an unknown variable',
      'variable: prompt',
      'variable: size',
      'line 19: "variable" is one of: steps, cfg, sampler, scheduler, seed, strength, prompt, negative; it is "size".',
    ],
    [
      'a single value',
      /values: .*/,
      'values: [a heart]',
      'line 20: "values" must be 2 to 9 values; there is 1.',
    ],
    [
      'a value twice',
      /values: .*/,
      'values: [a heart, a heart]',
      'line 20: "values" has the same value twice.',
    ],
    [
      'a list without end',
      /values: .*/,
      'values: [a, b',
      'line 20: A list that begins with [ must end with ].',
    ],
    [
      'a word as a seed',
      'seed: 7',
      'seed: seven',
      'line 21: "seed" must be a whole number from 0 to 4294967295; it is "seven".',
    ],
    [
      'a strength without a picture',
      'seed: 7',
      'strength: 0.5',
      'line 16: An experiment with "strength" needs a picture: "image: practice:apple".',
    ],
    [
      'a picture from elsewhere',
      'seed: 7',
      'image: me.jpg',
      'line 21: "image" is a practice picture, as in "practice:apple"; it is "me.jpg".',
    ],
    ['no key in a line', 'seed: 7', 'seed 7', 'line 21: "seed 7" is not of the form "key: value".'],
    ['a key twice', 'seed: 7', 'seed: 7\nseed: 8', 'line 22: "seed" is given twice; please keep one.'],
    [
      'an id with a colon',
      'id: colours',
      'id: two:colours',
      'line 17: "id" may have lower-case letters, digits and hyphens, as in "more-steps"; this one is "two:colours".',
    ],
    [
      'an id twice',
      'id: same-noise',
      'id: colours',
      'line 29: The id "colours" is used twice in this lesson.',
    ],
    [
      'no right answer',
      '    right: true\n',
      '',
      'line 32: No answer is right; please write "right: true" under one.',
    ],
    ['an answer without a reason', /    because: They.*\n/, '', 'line 36: An answer needs "because: ...".'],
    [
      'a right that is no yes or no',
      'right: true',
      'right: perhaps',
      'line 34: "right" is true or false; it is "perhaps".',
    ],
    [
      'a block that is not closed',
      /```\n$/,
      '',
      'line 29: This block is not closed; please end it with a line ```.',
    ],
  ])('%s', (_what, from, to, expected) => {
    expect(withChange(from, to)).toContain(expected)
  })

  it('are all told, in the order of their lines', () => {
    const problems = problemsOf(
      lessonText((text) =>
        text.replace('minutes: 5', 'minutes: x').replace('seed: 7', 'seed: x').replace('ask:', 'asks:'),
      ),
    )
    expect(problems.map((each) => Number(/^line (\d+):/.exec(each)?.[1]))).toEqual([4, 21, 29, 31])
  })

  it('name the variable where its own value is fixed too', () => {
    expect(withChange('seed: 7', 'seed: 7\nprompt: a cat')).toEqual([
      'line 22: "prompt" is what this experiment changes, so please leave it out here.',
    ])
  })

  it('end in words for anything at all', () => {
    for (const source of [
      '',
      '---',
      '---\n---',
      '```',
      '---\ntitle:\n---\n```question\nanswers:\n-\n- text\n```',
      '\u0000\t-\n- a:',
    ])
      expect(problemsOf(source).length).toBeGreaterThan(0)
  })
})
