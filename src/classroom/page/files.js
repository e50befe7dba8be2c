/** Files of a message: where they are, and links to take them away. */
import { el, icon } from './dom.js'
import { localFile } from './urls.js'

/** Bytes in words, as file managers do (1 KB = 1024 bytes). */
export function sizeText(bytes) {
  if (!Number.isFinite(bytes)) return ''
  if (bytes < 1024) return `${bytes} bytes`
  const kilo = bytes / 1024
  return kilo < 1024 ? `${Math.round(kilo)} KB` : `${(kilo / 1024).toFixed(1)} MB`
}

/**
 * The attachment that a component's media points at: by its id, by `attachment://NAME`, or by its address.
 * @param {any} media @param {any} message
 */
export function attachmentOf(media, message) {
  const all = message.attachments ?? []
  const name = media?.url?.startsWith('attachment://') ? media.url.slice('attachment://'.length) : undefined
  return all.find(
    (one) =>
      one.id === media?.attachment_id || one.filename === name || (media?.url && one.url === media.url),
  )
}

/** A row with name, size and a download link; without a link when the file is not kept here. */
export function fileLink({ url, name, size }, message) {
  const attachment = attachmentOf({ url }, message)
  const href = localFile(attachment?.url ?? url)
  const title = name ?? attachment?.filename ?? 'File'
  const words = [
    icon('file'),
    el('span', { class: 'file-name' }, title),
    el('span', { class: 'file-size' }, sizeText(size ?? attachment?.size)),
  ]
  return href
    ? el('a', { class: 'file', href, download: title }, ...words)
    : el('span', { class: 'file' }, ...words)
}
