/** Bodies that keep and that break each rule for commands, modals and callbacks. */
import {
  checkCallback,
  checkCommand,
  checkCommandCount,
  checkCommands,
  checkModal,
} from '../../src/classroom/rules/index.ts'
import type { RuleCase } from './ruleCases.ts'

const V2 = 1 << 15
const label = (id: string) => ({ type: 18, label: 'Word', component: { type: 4, custom_id: id, style: 1 } })
const modal = (...components: object[]) => ({ custom_id: 'm', title: 'M', components })
const command = (more: object) => ({ name: 'imagine', description: 'Draw a picture', ...more })
const option = (name: string, more: object = {}) => ({ type: 3, name, description: 'Words', ...more })
const many = (count: number, type = 1) =>
  Array.from({ length: count }, (_, i) => ({ type, name: `c${i}`, description: type === 1 ? 'One' : '' }))
/** A command with this many characters in names, descriptions and values (the schema, not the rules, limits each). */
const sized = (characters: number) => {
  const choices = [{ name: 'Red', value: 'red' }]
  const rest = characters - 'imagine'.length - 100 - 'a'.length - 'Redred'.length
  return command({
    description: 'x'.repeat(100),
    options: [option('a', { choices, description: 'x'.repeat(rest) })],
  })
}

export const commandCases: RuleCase[] = [
  {
    rule: '13 a modal has 1 to 5 top-level components',
    code: 'BASE_TYPE_BAD_LENGTH',
    at: 'components',
    passes: checkModal(modal(...['a', 'b', 'c', 'd', 'e'].map(label))),
    fails: checkModal(modal(...['a', 'b', 'c', 'd', 'e', 'f'].map(label))),
  },
  {
    rule: '13 custom ids are unique in a modal',
    code: 'COMPONENT_CUSTOM_ID_DUPLICATED',
    at: 'components.1.component.custom_id',
    passes: checkModal(modal(label('a'), label('b'))),
    fails: checkModal(modal(label('a'), label('a'))),
  },
  {
    rule: '14 a command name matches the pattern',
    code: 'APPLICATION_COMMAND_INVALID_NAME',
    at: 'name',
    passes: checkCommand(command({ name: 'bild-zeichnen_ü' })),
    fails: checkCommand(command({ name: 'imagine!' })),
  },
  {
    rule: '14 a slash command is lower case, a context menu command need not be',
    code: 'APPLICATION_COMMAND_INVALID_NAME',
    at: 'name',
    passes: checkCommand({ type: 3, name: 'Explain This' }),
    fails: checkCommand(command({ name: 'Imagine' })),
  },
  {
    rule: '14 an option name follows the same pattern',
    code: 'APPLICATION_COMMAND_INVALID_NAME',
    at: 'options.0.name',
    passes: checkCommand(command({ options: [option('prompt')] })),
    fails: checkCommand(command({ options: [option('the prompt')] })),
  },
  {
    rule: '15 a slash command has a description',
    code: 'BASE_TYPE_REQUIRED',
    at: 'description',
    passes: checkCommand(command({})),
    fails: checkCommand(command({ description: '' })),
  },
  {
    rule: '15 an option has a description',
    code: 'BASE_TYPE_REQUIRED',
    at: 'options.0.options.0.description',
    passes: checkCommand(command({ options: [option('sub', { type: 1, options: [option('a')] })] })),
    fails: checkCommand(
      command({ options: [option('sub', { type: 1, options: [option('a', { description: undefined })] })] }),
    ),
  },
  {
    rule: '16 a choice value has at most 100 characters',
    code: 'BASE_TYPE_MAX_LENGTH',
    at: 'options.0.choices.0.value',
    passes: checkCommand(
      command({ options: [option('a', { choices: [{ name: 'n', value: 'a'.repeat(100) }] })] }),
    ),
    fails: checkCommand(
      command({ options: [option('a', { choices: [{ name: 'n', value: 'a'.repeat(101) }] })] }),
    ),
  },
  {
    rule: '16 an autocomplete answer too',
    code: 'BASE_TYPE_MAX_LENGTH',
    at: 'data.choices.0.value',
    passes: checkCallback({ type: 8, data: { choices: [{ name: 'n', value: 'a'.repeat(100) }] } }, []),
    fails: checkCallback({ type: 8, data: { choices: [{ name: 'n', value: 'a'.repeat(101) }] } }, []),
  },
  {
    rule: '17 required options come before optional ones',
    code: 'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID',
    at: 'options.1',
    passes: checkCommand(command({ options: [option('a', { required: true }), option('b')] })),
    fails: checkCommand(command({ options: [option('a'), option('b', { required: true })] })),
  },
  {
    rule: '18 an option has autocomplete or choices, not both',
    code: 'APPLICATION_COMMAND_AUTOCOMPLETE_WITH_CHOICES',
    at: 'options.0.autocomplete',
    passes: checkCommand(command({ options: [option('a', { autocomplete: true, choices: [] })] })),
    fails: checkCommand(
      command({ options: [option('a', { autocomplete: true, choices: [{ name: 'n', value: 'v' }] })] }),
    ),
  },
  {
    rule: '19 there are at most 100 slash commands',
    code: '30032',
    passes: checkCommands([...many(100), ...many(15, 2), ...many(15, 3)]),
    fails: checkCommands(many(101)),
  },
  {
    rule: '19 there are at most 15 commands of each context menu',
    code: '30032',
    passes: checkCommandCount(many(15, 3)),
    fails: checkCommandCount(many(16, 3)),
  },
  {
    rule: '20 command names are unique within their type',
    code: 'APPLICATION_COMMANDS_DUPLICATE_NAME',
    at: '1',
    passes: checkCommands([command({}), { type: 2, name: 'imagine' }]),
    fails: checkCommands([command({}), command({ type: 1 })]),
  },
  {
    rule: '20 option names are unique in their command',
    code: 'APPLICATION_COMMAND_OPTIONS_NAME_INVALID',
    at: 'options.1.name',
    passes: checkCommand(command({ options: [option('a'), option('b')] })),
    fails: checkCommand(command({ options: [option('a'), option('a')] })),
  },
  {
    rule: '23 a command has at most 8000 characters in all',
    code: 'APPLICATION_COMMAND_TOO_LARGE',
    passes: checkCommand(sized(8000)),
    fails: checkCommand(sized(8001)),
  },
  {
    rule: '23 of a text in many languages the longest counts',
    code: 'APPLICATION_COMMAND_TOO_LARGE',
    passes: checkCommand({ ...sized(8000), description_localizations: { de: 'a'.repeat(100) } }),
    fails: checkCommand({ ...sized(8000), description_localizations: { de: 'a'.repeat(101) } }),
  },
  {
    rule: 'an edit of a command checks what it changes',
    code: 'APPLICATION_COMMAND_INVALID_NAME',
    at: 'name',
    passes: checkCommand({ options: [] }, true),
    fails: checkCommand({ name: 'Imagine' }, true),
  },
  {
    rule: 'an edit of a command cannot take the description away',
    code: 'BASE_TYPE_REQUIRED',
    at: 'description',
    passes: checkCommand({ name: 'imagine' }, true),
    fails: checkCommand({ description: '' }, true),
  },
  {
    rule: '25 a deferred answer takes only the EPHEMERAL flag',
    code: 'BASE_TYPE_CHOICES',
    at: 'data.flags',
    passes: checkCallback({ type: 5, data: { flags: 64 } }, []),
    fails: checkCallback({ type: 5, data: { flags: 64 | V2 } }, []),
  },
  {
    rule: 'nothing in a modal is disabled',
    code: 'BASE_TYPE_CHOICES',
    at: 'data.components.0.component.disabled',
    passes: checkCallback({ type: 9, data: modal(label('a')) }, []),
    fails: checkCallback(
      { type: 9, data: modal({ type: 18, component: { type: 3, custom_id: 's', disabled: true } }) },
      [],
    ),
  },
]
