/** Walks every folder that is a registry: names, limits, unique custom ids. */
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import type { CommandData } from '../../src/discord/command.ts'
import { commandList } from '../../src/discord/registerCommands.ts'
import { loadRegistry } from '../../src/discord/registry.ts'
import { createBackends } from '../../src/services/backends.ts'
import { sampleModel } from '../support/samples.ts'

const registry = await loadRegistry()
const backend = {
  id: 'embedded',
  lanes: 1,
  models: () => [sampleModel(), sampleModel({ id: 'other', steps: { min: 1, max: 80, default: 30 } })],
  generate: () => Promise.reject(new Error('not used')),
  replay: () => Promise.reject(new Error('not used')),
  close: () => Promise.resolve(),
}
const choices = [{ id: 'one', help: 'a word' }]
const extras = {
  loras: choices,
  vaes: choices,
  styles: choices,
  upscalers: choices,
  refiners: choices,
  embeddings: choices,
}
const rich = { ...backend, models: () => [sampleModel({ extras })] }
const lists = [
  ['without any model', commandList(registry, { backends: createBackends([]) })],
  ['with two models', commandList(registry, { backends: createBackends([backend]) })],
  ['with a model that has everything', commandList(registry, { backends: createBackends([rich]) })],
] as const

type Option = {
  name: string
  description: string
  required?: boolean
  options?: Option[]
  choices?: unknown[]
  autocomplete?: boolean
}
const everyOption = (options: readonly Option[] = []): Option[] =>
  options.flatMap((option) => [option, ...everyOption(option.options)])
const filesIn = async (folder: string) =>
  (await readdir(path.join(import.meta.dirname, '../../src', folder))).map((file) =>
    path.basename(file, '.ts'),
  )

type SlashData = Extract<CommandData, { description: string }>
const camelCase = (words: string) =>
  words.toLowerCase().replace(/ (\w)/g, (_, letter: string) => letter.toUpperCase())
const isSlash = (command: CommandData): command is SlashData => 'description' in command

describe.each(lists)('the commands %s', (_, all) => {
  const commands = all.filter(isSlash)

  test('keep the limits of Discord', () => {
    expect(commands.length).toBeLessThanOrEqual(100)
    for (const command of commands) {
      expect(JSON.stringify(command).length).toBeLessThan(8000)
      for (const { name, description } of [command, ...everyOption(command.options)]) {
        expect(name).toMatch(/^[-_'\p{Ll}\p{N}]{1,32}$/u)
        expect(description.length).toBeGreaterThan(0)
        expect(description.length).toBeLessThanOrEqual(100)
      }
    }
  })

  test('ask for what is required first, and give choices or autocomplete', () => {
    for (const command of commands) {
      for (const { options = [] } of [command as Option, ...everyOption(command.options)]) {
        expect(options.length).toBeLessThanOrEqual(25)
        const required = options.map((option) => option.required === true)
        expect(required).toEqual([...required].sort((a, b) => Number(b) - Number(a)))
        for (const option of options) expect(option.choices && option.autocomplete).toBeFalsy()
      }
    }
  })

  test('belong to servers only', () => {
    for (const command of all) {
      expect(command.contexts).toEqual([0])
      expect(command.integration_types).toEqual([0])
    }
  })
})

test('a command stands in the file of its name', async () => {
  const names = [...registry.commands.keys(), ...[...registry.menus.keys()].map(camelCase)]
  expect(names.sort()).toEqual((await filesIn('commands')).sort())
})

test('a picture action stands in the file of its name, with labels that fit a button', async () => {
  expect([...registry.actions.keys()].sort()).toEqual((await filesIn('discord/pictureActions')).sort())
  const orders = [...registry.actions.values()].map(({ order }) => order)
  expect(new Set(orders).size).toBe(orders.length)
  for (const { label, name } of registry.actions.values()) {
    expect(label(4).length).toBeLessThanOrEqual(38)
    expect(name).toMatch(/^[a-z]+$/)
  }
})

test('an event stands in the file of its name', async () => {
  expect(registry.events.map(({ name }) => name as string).sort()).toEqual((await filesIn('events')).sort())
})

test('the limits of /imagine are the widest of all models', () => {
  const options = lists[1][1].filter(isSlash).find(({ name }) => name === 'imagine')?.options
  expect(options?.find(({ name }) => name === 'steps')).toMatchObject({ min_value: 1, max_value: 80 })
  expect(options?.filter(({ required }) => required).map(({ name }) => name)).toEqual(['prompt'])
})
