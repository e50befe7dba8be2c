/** Everything found in commands/, events/ and pictureActions/, by name. The folders are the registry. */
import path from 'node:path'
import { loadFolder } from '../loadFolder.ts'
import { cancelJob } from './cancelJob.ts'
import type { Command, MenuCommand } from './command.ts'
import type { EventHandler } from './event.ts'
import type { PictureAction } from './pictureAction.ts'

type ButtonHandler = NonNullable<Command['buttons']>[string]
type PrivateButtonHandler = NonNullable<Command['privateButtons']>[string]
type SelectHandler = NonNullable<Command['selects']>[string]
type ModalHandler = NonNullable<Command['modals']>[string]

export type Registry = {
  commands: ReadonlyMap<string, Command>
  menus: ReadonlyMap<string, MenuCommand>
  events: readonly EventHandler[]
  /** By the first part of a custom id. */
  actions: ReadonlyMap<string, PictureAction>
  buttons: ReadonlyMap<string, ButtonHandler>
  privateButtons: ReadonlyMap<string, PrivateButtonHandler>
  selects: ReadonlyMap<string, SelectHandler>
  modals: ReadonlyMap<string, ModalHandler>
}

const source = path.join(import.meta.dirname, '..')

/** Loads the three folders. @throws Error that names the file or the custom id that is wrong */
export async function loadRegistry(): Promise<Registry> {
  const commands = await loadFolder(
    path.join(source, 'commands'),
    (value) => isCommand(value) || isMenu(value),
    'defineCommand({ name, data, run })',
  )
  const events = await loadFolder(path.join(source, 'events'), isEvent, 'defineEvent({ name, run })')
  const actions = await loadFolder(
    path.join(source, 'discord/pictureActions'),
    isAction,
    'definePictureAction({ name, label, press })',
  )
  const buttons: [string, ButtonHandler][] = [['cancel', cancelJob]]
  const privateButtons: [string, PrivateButtonHandler][] = []
  const selects: [string, SelectHandler][] = []
  const modals: [string, ModalHandler][] = []
  const slashCommands = commands.map(({ value }) => value).filter(isCommand)
  const menus = commands.map(({ value }) => value).filter(isMenu)
  for (const value of slashCommands) {
    buttons.push(...Object.entries(value.buttons ?? {}))
    privateButtons.push(...Object.entries(value.privateButtons ?? {}))
    selects.push(...Object.entries(value.selects ?? {}))
    modals.push(...Object.entries(value.modals ?? {}))
  }
  const actionNames = actions.map(({ value }) => value.name)
  onlyOnce('button', [...actionNames, ...[...buttons, ...privateButtons].map(([name]) => name)])
  onlyOnce(
    'select',
    selects.map(([name]) => name),
  )
  onlyOnce('modal', [...actionNames, ...modals.map(([name]) => name)])
  onlyOnce(
    'command',
    commands.map(({ value }) => value.name),
  )
  return {
    commands: new Map(slashCommands.map((value) => [value.name, value])),
    menus: new Map(menus.map((value) => [value.name, value])),
    events: events.map(({ value }) => value),
    actions: new Map(actions.map(({ value }) => [value.name, value])),
    buttons: new Map(buttons),
    privateButtons: new Map(privateButtons),
    selects: new Map(selects),
    modals: new Map(modals),
  }
}

function onlyOnce(kind: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice) throw new Error(`Two files define the ${kind} "${twice}"`)
}

const has = (value: unknown, ...keys: string[]): boolean =>
  typeof value === 'object' && value !== null && keys.every((key) => key in value)

const isCommand = (value: unknown): value is Command => has(value, 'name', 'data', 'run')
const isMenu = (value: unknown): value is MenuCommand => has(value, 'name', 'data', 'runOnMessage')
const isEvent = (value: unknown): value is EventHandler => has(value, 'name', 'run')
const isAction = (value: unknown): value is PictureAction => has(value, 'name', 'label', 'press')
