/** What happens in a new class before anyone types: the instructor sets it up and shows how a picture is made. */
import type { APIMessage } from 'discord-api-types/v10'
import { connectPerson, type PersonClient } from './client.ts'

const INSTRUCTOR = 'Ida'
const CHANNEL = 'studio'
const PATIENCE_MS = 120_000

/** Types /class setup, which finds #gallery and #lessons by their names. */
export async function prepareClass(url: string): Promise<void> {
  const ida = await connectPerson(url, INSTRUCTOR)
  try {
    const { interaction } = await ida.slash('/class setup', CHANNEL)
    await until(
      ida,
      `the answer to ${interaction}`,
      (message) => message.interaction_metadata?.id === interaction,
    )
  } finally {
    await ida.close()
  }
}

/** Draws a picture with this model, asks how it was made and shows the answer to everyone. */
export async function showExample(url: string, model: string): Promise<void> {
  const ida = await connectPerson(url, INSTRUCTOR)
  try {
    await ida.slash(`/imagine prompt:"a red heart" seed:7 model:${model}`, CHANNEL)
    const picture = await until(ida, 'the picture', (message) => has(message, 'How was this made?'))
    await ida.press(picture, 'How was this made?')
    const explanation = await until(ida, 'the explanation', (message) => has(message, 'Show to everyone'))
    const { interaction } = await ida.press(explanation, 'Show to everyone')
    await until(ida, 'the public explanation', (message) => message.interaction_metadata?.id === interaction)
  } finally {
    await ida.close()
  }
}

const has = (message: APIMessage, label: string): boolean =>
  JSON.stringify(message.components ?? []).includes(JSON.stringify(label))

/** The newest finished message in the channel that passes the test; a deferred answer is not finished. */
async function until(
  person: PersonClient,
  what: string,
  isIt: (message: APIMessage) => boolean,
): Promise<APIMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<APIMessage>()
  const look = (message: APIMessage) => {
    const isFinished = (message.components?.length ?? 0) > 0
    if (isFinished && isIt(message)) resolve(message)
  }
  const stop = person.on((event) => {
    if (event.type === 'message-create' || event.type === 'message-update') look(event.message)
  })
  const timer = setTimeout(() => reject(new Error(`${what} did not come`)), PATIENCE_MS)
  try {
    // It may have come before we listened.
    for (const message of await person.messages(CHANNEL)) look(message)
    return await promise
  } finally {
    clearTimeout(timer)
    stop()
  }
}
