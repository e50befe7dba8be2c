/** The commands of the feature bot: every type of option, autocomplete, subcommands and both context menus. */
import type { RESTPostAPIApplicationCommandsJSONBody } from 'discord.js'

export const featureCommands: RESTPostAPIApplicationCommandsJSONBody[] = [
  {
    name: 'all',
    description: 'Every type of option',
    options: [
      { type: 3, name: 'text', description: 'Text', required: true, min_length: 1, max_length: 50 },
      { type: 4, name: 'whole', description: 'A whole number', min_value: 0, max_value: 9 },
      { type: 5, name: 'yes', description: 'Yes or no' },
      { type: 6, name: 'who', description: 'A person' },
      { type: 7, name: 'where', description: 'A channel', channel_types: [0] },
      { type: 8, name: 'which', description: 'A role' },
      { type: 9, name: 'any', description: 'A person or a role' },
      { type: 10, name: 'amount', description: 'A number' },
      { type: 11, name: 'file', description: 'A file' },
      { type: 3, name: 'choice', description: 'One of two', choices: [{ name: 'Red', value: 'red' }] },
    ],
  },
  {
    name: 'tree',
    description: 'Subcommands',
    options: [
      {
        type: 2,
        name: 'group',
        description: 'A group',
        options: [
          {
            type: 1,
            name: 'leaf',
            description: 'A leaf',
            options: [{ type: 3, name: 'word', description: 'A word', required: true }],
          },
        ],
      },
      { type: 1, name: 'twig', description: 'A twig' },
    ],
  },
  {
    name: 'pick',
    description: 'Autocomplete',
    options: [{ type: 3, name: 'sampler', description: 'A sampler', autocomplete: true, required: true }],
  },
  { name: 'card', description: 'Components V2' },
  { name: 'menus', description: 'Selects and a modal' },
  { name: 'work', description: 'Messages, files and threads' },
  { name: 'admin', description: 'Channels, overwrites and roles', default_member_permissions: '32' },
  { name: 'Greet', type: 2 },
  { name: 'Quote', type: 3 },
]
