/** Uploads are put together before they are sent. */
import { DefaultRestOptions, type RESTOptions } from 'discord.js'

/**
 * How requests reach Discord. A FormData that is still being read when the line breaks ends the whole process: undici feeds
 * it in the background, and nobody hears the error of that (undici #5835 is the same hole). Bytes cannot break there.
 */
export const sendWhole: RESTOptions['makeRequest'] = async (url, init) => {
  if (!(init.body instanceof FormData)) return DefaultRestOptions.makeRequest(url, init)
  const whole = new Response(init.body)
  const headers = {
    ...(init.headers as Record<string, string>),
    'content-type': whole.headers.get('content-type') ?? '',
  }
  const body = new Uint8Array(await whole.arrayBuffer())
  return DefaultRestOptions.makeRequest(url, { ...init, headers, body })
}
