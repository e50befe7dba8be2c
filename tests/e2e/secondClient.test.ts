/** An unrelated library against the classroom: it must not have been shaped after discord.js only. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, GatewayOPCodes } from 'oceanic.js'
import type { AnyInteractionGateway } from 'oceanic.js'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { connectPerson } from '../../src/classroom/client.ts'
import { startClassroom } from '../../src/classroom/index.ts'
import type { Classroom } from '../../src/classroom/index.ts'
import { createSpecCheck } from '../support/discordSpec.ts'
import type { SpecCheck } from '../support/discordSpec.ts'

let dataDir: string
let classroom: Classroom
let client: Client
let check: SpecCheck
let failures: string[]

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'darkroom-oceanic-'))
  check = createSpecCheck()
  failures = []
  classroom = await startClassroom({ port: 0, dataDir, observe: check.onExchange })
  client = new Client({
    auth: `Bot ${classroom.token}`,
    rest: { baseURL: `${classroom.apiUrl}/v10` },
    gateway: { intents: ['GUILDS'], autoReconnect: false },
  })
  client.on('error', (error) => failures.push(String(error)))
  client.on('packet', (packet) => {
    if (packet.op === GatewayOPCodes.DISPATCH) check.event(packet.t, packet.d)
  })
})

afterEach(async () => {
  client.disconnect(false)
  await classroom.close()
  await rm(dataDir, { recursive: true, force: true })
})

const answer = async (interaction: AnyInteractionGateway): Promise<void> => {
  if (!interaction.isCommandInteraction()) return
  const words = interaction.data.options.getString('words', true)
  await interaction.defer()
  await interaction.editOriginal({
    content: `You said ${words}.`,
    files: [{ name: 'words.txt', contents: Buffer.from(words) }],
  })
  const { message } = await interaction.createFollowup({ content: 'Only you see this.', flags: 64 })
  await interaction.editFollowup(message.id, { content: 'Only you see this now.' })
}

test('oceanic.js gets ready, registers a command, defers, edits with a file and follows up', async () => {
  const ready = new Promise<void>((resolve) => client.once('ready', resolve))
  client.on('interactionCreate', (interaction) => {
    answer(interaction).catch((error: unknown) => failures.push(String(error)))
  })
  await client.connect()
  await ready
  expect(client.guilds.map((guild) => guild.id)).toEqual([classroom.guildId])
  const command = await client.application.createGuildCommand(classroom.guildId, {
    type: 1,
    name: 'echo',
    description: 'Says it again',
    options: [{ type: 3, name: 'words', description: 'What to say', required: true }],
  })
  expect(command.name).toBe('echo')

  const mei = await connectPerson(classroom.url, 'Mei')
  const { channels } = await mei.state()
  const studio = channels.find((channel) => channel.name === 'studio')!
  await mei.slash('/echo words:"hello there"', studio.id)
  const seen = await vi.waitFor(
    async () => {
      const messages = await mei.messages(studio.id)
      const note = messages.find((message) => message.content === 'Only you see this now.')
      expect({ note: note?.flags, failures }).toEqual({ note: 64, failures: [] })
      return messages
    },
    { timeout: 5000 },
  )
  const reply = seen.find((message) => message.content === 'You said hello there.')
  expect(reply?.attachments.map((attachment) => attachment.filename)).toEqual(['words.txt'])
  const file = await fetch(reply?.attachments[0]?.url ?? '')
  expect(await file.text()).toBe('hello there')
  await mei.close()

  expect(check.violations).toEqual([])
  expect([...check.operations]).toContain('PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original')
})
