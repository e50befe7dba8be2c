/** Works out each key once. */
export function remembering<A, B>(work: (about: A) => B): (key: string, about: A) => B {
  const known = new Map<string, B>()
  return (key, about) => {
    const found = known.get(key)
    if (found !== undefined || known.has(key)) return found as B
    const made = work(about)
    known.set(key, made)
    return made
  }
}
