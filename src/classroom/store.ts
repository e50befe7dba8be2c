/** The class on disk: one SQLite file, and the attachment files beside it. Survives a crash of the process at any moment. */
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { MessageRecord } from './types.ts'

type Page = { before?: string; after?: string; limit: number }

export type Store = {
  filesDir: string
  /** All documents of one kind, by id, oldest first. */
  all<T>(kind: string): Map<string, T>
  put(kind: string, id: string, value: unknown): void
  remove(kind: string, id: string): void
  /** All or nothing, also in a crash. */
  transaction(work: () => void): void
  /** The newest id of all messages and documents. */
  newestId(): string
  message(id: string): MessageRecord | undefined
  putMessage(record: MessageRecord): void
  removeMessage(id: string): void
  /** Newest first. `viewer`: private messages of this person are included. */
  messages(channelId: string, page: Page, viewer?: string): MessageRecord[]
  close(): void
}

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS documents (kind TEXT, id INTEGER, json TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS messages (id INTEGER PRIMARY KEY, channel INTEGER NOT NULL, visibleTo TEXT, json TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS messagesOfChannel ON messages (channel, id);
`
const LARGEST_ID = '9223372036854775807'

export function openStore(dataDir: string): Store {
  const filesDir = path.join(dataDir, 'attachments')
  mkdirSync(filesDir, { recursive: true })
  const db = new DatabaseSync(path.join(dataDir, 'classroom.db'))
  db.exec(SCHEMA)
  const all = db.prepare('SELECT CAST(id AS TEXT) AS id, json FROM documents WHERE kind = ? ORDER BY id')
  const put = db.prepare('INSERT OR REPLACE INTO documents (kind, id, json) VALUES (?, ?, ?)')
  const remove = db.prepare('DELETE FROM documents WHERE kind = ? AND id = ?')
  const newest = db.prepare(
    'SELECT CAST(max(coalesce((SELECT max(id) FROM documents), 0), coalesce((SELECT max(id) FROM messages), 0)) AS TEXT) AS id',
  )
  const message = db.prepare('SELECT json FROM messages WHERE id = ?')
  const putMessage = db.prepare(
    'INSERT OR REPLACE INTO messages (id, channel, visibleTo, json) VALUES (?, ?, ?, ?)',
  )
  const removeMessage = db.prepare('DELETE FROM messages WHERE id = ?')
  // The bounds are ids, which are unique, so that < and > leave out just the message that was named.
  const page = (order: string) =>
    db.prepare(
      `SELECT json FROM messages WHERE channel = ? AND id < ? AND id > ? AND (visibleTo IS NULL OR visibleTo = ?)
       ORDER BY id ${order} LIMIT ?`,
    )
  const newestFirst = page('DESC')
  const oldestFirst = page('ASC')

  type Row = { id: string; json: string }

  return {
    filesDir,
    all: <T>(kind: string) =>
      new Map((all.all(kind) as Row[]).map(({ id, json }): [string, T] => [id, JSON.parse(json) as T])),
    put: (kind, id, value) => void put.run(kind, BigInt(id), JSON.stringify(value)),
    remove: (kind, id) => void remove.run(kind, BigInt(id)),
    transaction(work) {
      db.exec('BEGIN')
      work()
      db.exec('COMMIT')
    },
    newestId: () => (newest.get() as Row).id,
    message(id) {
      const row = message.get(BigInt(id))
      return row && (JSON.parse((row as Row).json) as MessageRecord)
    },
    putMessage: (record) => {
      const { id, channel_id } = record.message
      putMessage.run(BigInt(id), BigInt(channel_id), record.visibleTo ?? null, JSON.stringify(record))
    },
    removeMessage: (id) => void removeMessage.run(BigInt(id)),
    messages(channelId, { before = LARGEST_ID, after, limit }, viewer) {
      const statement = after === undefined ? newestFirst : oldestFirst
      const rows = statement.all(BigInt(channelId), BigInt(before), BigInt(after ?? 0), viewer ?? '', limit)
      const records = rows.map((row) => JSON.parse((row as Row).json) as MessageRecord)
      return after === undefined ? records : records.toReversed()
    },
    close: () => db.close(),
  }
}
