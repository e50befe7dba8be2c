/** What the feature bot shows: a file, a Components V2 card, all selects, the fields of a modal. */
import { ComponentType, MessageFlags } from 'discord.js'

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
export const picture = (name: string) => ({
  attachment: Buffer.from(PNG, 'base64'),
  name,
  description: 'One dot',
})

export const card = (name: string) => ({
  flags: MessageFlags.IsComponentsV2 as const,
  components: [
    { type: ComponentType.TextDisplay as const, content: '# A card' },
    {
      type: ComponentType.Container as const,
      accent_color: 0x884422,
      components: [
        {
          type: ComponentType.Section as const,
          components: [{ type: ComponentType.TextDisplay as const, content: 'Beside a picture' }],
          accessory: {
            type: ComponentType.Thumbnail as const,
            media: { url: `attachment://${name}` },
            description: 'One dot',
          },
        },
        { type: ComponentType.Separator as const, divider: true, spacing: 2 as const },
        {
          type: ComponentType.Section as const,
          components: [{ type: ComponentType.TextDisplay as const, content: 'Beside a button' }],
          accessory: {
            type: ComponentType.Button as const,
            style: 5 as const,
            label: 'Look',
            url: 'https://example.org/',
          },
        },
        {
          type: ComponentType.MediaGallery as const,
          items: [{ media: { url: `attachment://${name}` }, description: 'One dot', spoiler: true }],
        },
        { type: ComponentType.File as const, file: { url: 'attachment://same.png' } },
        {
          type: ComponentType.ActionRow as const,
          components: [
            {
              type: ComponentType.Button as const,
              style: 1 as const,
              label: 'Again',
              emoji: { name: '🎲' },
              custom_id: 'again',
            },
            {
              type: ComponentType.Button as const,
              style: 2 as const,
              label: 'Change',
              custom_id: 'change',
            },
          ],
        },
      ],
    },
  ],
})

export const menuRows = () =>
  [
    {
      type: ComponentType.StringSelect as const,
      custom_id: 'menu-string',
      placeholder: 'A colour',
      min_values: 1,
      max_values: 2,
      options: [
        { label: 'Red', value: 'red', description: 'Warm', emoji: { name: '🔴' } },
        { label: 'Blue', value: 'blue', default: true },
      ],
    },
    { type: ComponentType.UserSelect as const, custom_id: 'menu-user' },
    { type: ComponentType.RoleSelect as const, custom_id: 'menu-role' },
    { type: ComponentType.MentionableSelect as const, custom_id: 'menu-any' },
    { type: ComponentType.ChannelSelect as const, custom_id: 'menu-channel', channel_types: [0 as const] },
  ].map((select) => ({ type: ComponentType.ActionRow as const, components: [select] }))

export const modalLabels = () => [
  { type: ComponentType.TextDisplay as const, content: 'Change the words.' },
  {
    type: ComponentType.Label as const,
    label: 'Prompt',
    description: 'What to draw',
    component: {
      type: ComponentType.TextInput as const,
      custom_id: 'prompt',
      style: 2 as const,
      value: 'a heart',
    },
  },
  {
    type: ComponentType.Label as const,
    label: 'Sampler',
    component: {
      type: ComponentType.StringSelect as const,
      custom_id: 'sampler',
      required: false,
      options: [{ label: 'Euler', value: 'euler' }],
    },
  },
]
