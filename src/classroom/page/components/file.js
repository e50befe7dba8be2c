import { fileLink } from '../files.js'

/** A file to take away. */
export function file(component, { message }) {
  return fileLink({ url: component.file?.url, name: component.name, size: component.size }, message)
}
