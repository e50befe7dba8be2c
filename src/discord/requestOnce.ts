/**
 * @discordjs/rest repeats a request whose answer was lost or was a 5xx. Repeated, a POST that makes a message or a thread would
 * make a second one; so such a request is sent once, and whoever wanted it looks first whether it arrived (`sendOnce.ts`).
 */
import type { RESTOptions } from 'discord.js'
import { sendWhole } from './sendWhole.ts'

const MAKES_ONE_MORE = /\/(channels\/\d+\/(messages|threads)|webhooks\/\d+\/[^/?]+)(\?|$)/

/** Whether it arrived is not known. */
export class LostAnswer extends Error {
  override readonly name = 'LostAnswer'
}

/** For the option `rest.makeRequest` of the client. @throws LostAnswer */
export const requestOnce: RESTOptions['makeRequest'] = async (url, init) => {
  if (init.method !== 'POST' || !MAKES_ONE_MORE.test(url)) return sendWhole(url, init)
  const response = await sendWhole(url, init).catch((error: unknown) => {
    // The cause is not kept: its text has the address, and that of a webhook has the interaction's token.
    throw new LostAnswer(`no answer (${error instanceof Error ? error.name : 'unknown'})`)
  })
  if (response.status < 500) return response
  await response.text()
  throw new LostAnswer(`status ${response.status}`)
}
