import { describe, expect, it } from 'vitest'

type Commands = {
  splitAtOptions: (
    options: { name: string }[],
    text: string,
  ) => { before: string; values: Map<string, string> }
  commandEntries: (commands: object[]) => { name: string; path: string[]; options: { name: string }[] }[]
  typedEntry: (entries: object[], text: string) => { entry: { name: string }; rest: string } | undefined
  nestOptions: (entry: { path: string[] }, values: object[]) => object[]
}
type Values = {
  readValue: (option: object, text: string, choices: object[]) => { value: unknown } | { error: string }
}

/** The page is plain JavaScript that is not type-checked with the rest. */
const page = async <T>(file: string) => {
  const address = new URL(`../../src/classroom/page/${file}`, import.meta.url).href
  return (await import(/* @vite-ignore */ address)) as T
}
const { parseBlocks } = await page<{ parseBlocks: (text: string) => object[] }>('markdownBlocks.js')
const { parseInline } = await page<{ parseInline: (text: string) => unknown[] }>('markdownInline.js')
const commands = await page<Commands>('composer/commands.js')
const { readValue } = await page<Values>('composer/values.js')

describe('the marks in a message', () => {
  it('are found when they are nested', () => {
    expect(parseInline('a **b *c* d** e')).toEqual([
      'a ',
      { kind: 'strong', children: ['b ', { kind: 'em', children: ['c'] }, ' d'] },
      ' e',
    ])
  })

  it('are left alone inside words, when escaped and when never closed', () => {
    expect(parseInline('snake_case_name')).toEqual(['snake_case_name'])
    expect(parseInline('\\*not em\\* **open')).toEqual(['*not em* **open'])
    expect(parseInline('sd\\_xl\\_base, \\n')).toEqual(['sd_xl_base, \\n'])
  })

  it('link only to http and https', () => {
    expect(parseInline('[x](javascript:alert(1))')).toEqual(['[x](javascript:alert(1))'])
    expect(parseInline('[x](https://example.org/a)')).toEqual([
      { kind: 'link', url: 'https://example.org/a', children: ['x'] },
    ])
  })

  it('name persons, channels, commands and times', () => {
    expect(parseInline('<@1><@!2><#3></imagine:4><t:5:R>')).toEqual([
      { kind: 'user', id: '1' },
      { kind: 'user', id: '2' },
      { kind: 'channel', id: '3' },
      { kind: 'command', name: 'imagine' },
      { kind: 'time', seconds: 5, style: 'R' },
    ])
  })

  it('make headings, small print, lists, quotes and code of lines', () => {
    const text = '## Title\n-# small\n- one\n- two\n> said\n```js\na < b\n```\nend'
    expect(parseBlocks(text)).toEqual([
      { kind: 'heading', level: 2, children: ['Title'] },
      { kind: 'subtext', children: ['small'] },
      {
        kind: 'list',
        ordered: false,
        start: 1,
        items: [[{ kind: 'paragraph', children: ['one'] }], [{ kind: 'paragraph', children: ['two'] }]],
      },
      { kind: 'quote', blocks: [{ kind: 'paragraph', children: ['said'] }] },
      { kind: 'code', language: 'js', text: 'a < b' },
      { kind: 'paragraph', children: ['end'] },
    ])
  })

  it('are read in a moment even when a text of full length is made to be hard', () => {
    const start = performance.now()
    for (const hard of ['*', '**a', '_a', '`', '[a](', '||', '> ', '- '])
      parseBlocks(hard.repeat(4000 / hard.length))
    expect(performance.now() - start).toBeLessThan(2000)
  })
})

describe('the message box', () => {
  const options = [{ name: 'prompt' }, { name: 'seed' }, { name: 'steps' }]

  it('cuts a typed command at the names of its options', () => {
    const { before, values } = commands.splitAtOptions(options, 'a red heart seed:7 steps:20')
    expect(before).toBe('a red heart')
    expect([...values]).toEqual([
      ['seed', '7'],
      ['steps', '20'],
    ])
  })

  it('takes quotes off, and leaves words alone that only look like options', () => {
    const { before, values } = commands.splitAtOptions(options, 'prompt:"time: 12:30"')
    expect(before).toBe('')
    expect([...values]).toEqual([['prompt', 'time: 12:30']])
  })

  it('lists each subcommand as a command of its own and sends it nested', () => {
    const setup = { name: 'setup', type: 1, description: 'Set up', options: [{ name: 'gallery', type: 7 }] }
    const entries = commands.commandEntries([
      { name: 'class', type: 1, default_member_permissions: '32', options: [setup] },
      { name: 'imagine', type: 1, options: [] },
      { name: 'Remix this', type: 3 },
    ])
    expect(entries.map((entry) => entry.name)).toEqual(['imagine', 'class setup'])
    const typed = commands.typedEntry(entries, '/class setup gallery')
    expect(typed?.rest).toBe('gallery')
    const value = { name: 'gallery', type: 7, value: '1' }
    expect(commands.nestOptions(entries[1]!, [value])).toEqual([{ name: 'setup', type: 1, options: [value] }])
  })

  it('says which limit a number breaks', () => {
    const steps = { name: 'steps', type: 4, min_value: 1, max_value: 50 }
    expect(readValue(steps, '20', [])).toEqual({ value: 20 })
    expect(readValue(steps, '9999', [])).toEqual({ error: '“steps” must be a whole number from 1 to 50.' })
    expect(readValue(steps, '2.5', [])).toHaveProperty('error')
    expect(readValue({ ...steps, type: 10 }, '2,5', [])).toEqual({ value: 2.5 })
  })

  it('takes a choice by its words and sends its value', () => {
    const choices = [{ label: 'Euler a', value: 'euler_a' }]
    expect(readValue({ name: 'sampler', type: 3 }, 'euler A', choices)).toEqual({ value: 'euler_a' })
    expect(readValue({ name: 'sampler', type: 3 }, 'other', choices)).toEqual({
      error: '“sampler” must be one of: Euler a.',
    })
  })
})
