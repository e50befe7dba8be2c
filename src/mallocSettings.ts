/** Names and values of mallopt(3), which glibc reads at the start of a process. Other systems do not know them. */
export const mallocSettings = {
  /** One heap for all threads: each keeps what was freed in it. */
  MALLOC_ARENA_MAX: '1',
  /** Bytes from which a buffer is memory of its own, which goes back to the system as soon as it is freed. */
  MALLOC_MMAP_THRESHOLD_: '65536',
}
