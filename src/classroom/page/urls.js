/** Which addresses the page may load or follow. Nothing is loaded from another machine. */

/**
 * The path of a file that the classroom keeps, or undefined for any other address. The host is dropped, so that a picture
 * loads from wherever the page itself came from (127.0.0.1 or localhost).
 * @param {string | undefined} url
 */
export function localFile(url) {
  if (!url) return undefined
  try {
    const parsed = new URL(url, location.href)
    const here = ['127.0.0.1', 'localhost', '[::1]', location.hostname].includes(parsed.hostname)
    return here && parsed.pathname.startsWith('/attachments/') ? parsed.pathname + parsed.search : undefined
  } catch {
    return undefined
  }
}

/** http and https only, else undefined: `javascript:` and the like never become a link. */
export function webLink(url) {
  try {
    const parsed = new URL(url)
    return parsed.protocol === 'https:' || parsed.protocol === 'http:' ? parsed.href : undefined
  } catch {
    return undefined
  }
}

/**
 * Links to messages (https://discord.com/channels/guild/channel/message) open inside the page.
 * @returns {{channel: string, message: string | undefined} | undefined}
 */
export function messageLink(url) {
  const match = /^https?:\/\/[^/]+\/channels\/(?:\d+|@me)\/(\d+)(?:\/(\d+))?\/?$/.exec(url)
  return match ? { channel: match[1], message: match[2] } : undefined
}
