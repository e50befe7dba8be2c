import { expect, it } from 'vitest'
import { emptyRecipe, type Found } from '../../src/services/inspect/found.ts'
import { promptInWords } from '../../src/services/inspect/promptWords.ts'
import { promptOverSteps } from '../../src/services/inspect/promptSchedules.ts'
import { plainWords, promptSyntax, withoutTags } from '../../src/services/inspect/promptSyntax.ts'
import { weightsOf } from '../../src/services/inspect/promptWeights.ts'

const weights = (prompt: string) =>
  weightsOf(prompt).map(({ text, weight }) => [text, Math.round(weight * 1e4) / 1e4])

it('counts weights as AUTOMATIC1111 does', () => {
  expect(weights('normal text')).toEqual([['normal text', 1]])
  expect(weights('an (important) word')).toEqual([
    ['an ', 1],
    ['important', 1.1],
    [' word', 1],
  ])
  expect(weights('(unbalanced')).toEqual([['unbalanced', 1.1]])
  expect(weights(String.raw`\(literal\]`)).toEqual([['(literal]', 1]])
  expect(weights('(unnecessary)(parens)')).toEqual([['unnecessaryparens', 1.1]])
  expect(weights('')).toEqual([['', 1]])
  expect(weights('a (((house:1.3)) [on] a (hill:0.5), sun, (((sky))).')).toEqual([
    ['a ', 1],
    ['house', 1.573],
    [' ', 1.1],
    ['on', 1],
    [' a ', 1.1],
    ['hill', 0.55],
    [', sun, ', 1.1],
    ['sky', 1.4641],
    ['.', 1.1],
  ])
})

it('changes words at the right step', () => {
  expect(promptOverSteps('a [b:3]', 10)).toEqual([
    { upTo: 3, text: 'a ' },
    { upTo: 10, text: 'a b' },
  ])
  expect(promptOverSteps('[cat:dog:0.5]', 10)).toEqual([
    { upTo: 5, text: 'cat' },
    { upTo: 10, text: 'dog' },
  ])
  expect(promptOverSteps('a [b::0.2] c', 10)).toEqual([
    { upTo: 2, text: 'a b c' },
    { upTo: 10, text: 'a  c' },
  ])
  expect(promptOverSteps('[a|(b:1.1)]', 3).map(({ text }) => text)).toEqual(['a', '(b:1.1)', 'a'])
  expect(promptOverSteps('[[a:b:2]:c:4]', 6).map(({ upTo, text }) => [upTo, text])).toEqual([
    [2, 'a'],
    [4, 'b'],
    [6, 'c'],
  ])
  // Less, not a change; a bracket to be seen; a bracket that never ends.
  for (const prompt of ['a [b] c', String.raw`\[a:b:2\]`, '[a:b:2', '[a:b:c]', '(a:b:2)']) {
    expect(promptOverSteps(prompt, 5)).toEqual([{ upTo: 5, text: prompt }])
  }
})

it('finds LoRA tags, BREAK and AND', () => {
  const syntax = promptSyntax(
    'a <lora:soft light:0.7> <lyco:x:te=0.5:unet=1> <lora:bare> BREAK b AND c :0.5 <hypernet:h:0.3>',
  )
  expect(syntax.loras).toEqual([
    { name: 'soft light', weight: 0.7 },
    { name: 'x', weight: 0.5 },
    { name: 'bare', weight: 1 },
  ])
  expect(syntax.hypernets).toEqual([{ name: 'h', weight: 0.3 }])
  expect(syntax.breaks).toBe(1)
  expect(syntax.composed.map(({ weight }) => weight)).toEqual([1, 0.5])
  expect(promptSyntax('sANDy bANDs').composed).toEqual([])
  expect(withoutTags('a <lora:x:1> b')).toBe('a b')
})

it('keeps only the words for models that read letters', () => {
  expect(plainWords('a (((house:1.3)) [on] a (hill:0.5), sun, (((sky))). <lora:x:1>')).toBe(
    'a house on a hill, sun, sky.',
  )
  expect(plainWords('[cat:dog:0.5] BREAK in a [red|blue] box')).toBe('dog, in a red box')
})

it('explains each sign in a sentence', () => {
  const explain = (prompt: string, tool = 'AUTOMATIC1111') =>
    promptInWords({ format: 'PNG', tool, recipe: emptyRecipe(prompt, ''), why: [] } satisfies Found)
  expect(explain('a plain prompt, with commas')).toEqual([])
  expect(explain('(house:1.3), [fog]')).toEqual([
    '“house” counts 1.3 times.',
    '“fog” counts 0.909 times, less than the other words.',
  ])
  expect(explain('[cat:dog:0.5] [hat:0.3] [sun::4] [red|blue]')).toEqual([
    '“[cat:dog:0.5]”: cat for the first half of the steps, then dog.',
    '“[hat:0.3]”: hat comes in only after 30 % of the steps.',
    '“[sun::4]”: sun is there up to step 4, then no longer.',
    '“[red|blue]”: red and blue take turns, step by step.',
  ])
  expect(explain('(a:1.2) [cat:dog:0.5]', 'ComfyUI')).toEqual(['“a” counts 1.2 times.'])
})

it('stands prompts made to break it', () => {
  const begin = performance.now()
  for (const prompt of [
    '('.repeat(1e6),
    '[a|'.repeat(1e5),
    '(a'.repeat(1e5),
    '[[a:b:1]'.repeat(1e5),
    '<lora:'.repeat(1e5),
  ]) {
    promptSyntax(prompt)
    plainWords(prompt)
  }
  expect(performance.now() - begin).toBeLessThan(2000)
})
