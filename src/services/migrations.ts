/** The schema of the bot's SQLite file. */

/** One step of the schema each, applied once and in order. Append only; never edit one that was released. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE jobs (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
    model TEXT NOT NULL,
    request TEXT NOT NULL,
    asker_id TEXT NOT NULL,
    asker_name TEXT NOT NULL,
    guild_id TEXT NOT NULL,
    channel_id TEXT NOT NULL,
    application_id TEXT NOT NULL,
    interaction_id TEXT NOT NULL,
    interaction_token TEXT NOT NULL,
    attachment_size_limit INTEGER NOT NULL,
    parent_picture_id TEXT,
    failure TEXT,
    starts INTEGER NOT NULL DEFAULT 0,
    retries INTEGER NOT NULL DEFAULT 0,
    not_before INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    finished_at INTEGER,
    delivered_at INTEGER,
    message_channel_id TEXT,
    message_id TEXT,
    archived_at INTEGER,
    gallery_channel_id TEXT,
    gallery_message_id TEXT
  );
  CREATE INDEX jobs_open ON jobs (asker_id, seq) WHERE state IN ('waiting', 'running');
  CREATE INDEX jobs_unfinished ON jobs (seq)
    WHERE delivered_at IS NULL OR (state = 'done' AND archived_at IS NULL);
  CREATE INDEX jobs_with_token ON jobs (created_at) WHERE interaction_token <> '';

  CREATE TABLE turns (
    person_id TEXT PRIMARY KEY,
    served INTEGER NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE pictures (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    job_id TEXT NOT NULL,
    picture_index INTEGER NOT NULL,
    recipe TEXT NOT NULL,
    author_id TEXT NOT NULL,
    author_name TEXT NOT NULL,
    guild_id TEXT NOT NULL,
    parent_picture_id TEXT,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    notes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (job_id, picture_index)
  );
  CREATE INDEX pictures_of_guild ON pictures (guild_id, seq);
  CREATE VIRTUAL TABLE picture_words USING fts5 (
    prompt, author, model,
    tokenize = 'unicode61 remove_diacritics 2'
  );
  `,
  // Where a backend finds again what it was drawing for a job.
  `ALTER TABLE jobs ADD COLUMN backend_reference TEXT`,
  // What jobs cost, and how long the last ones of each model took.
  `
  ALTER TABLE jobs ADD COLUMN reserved_usd REAL;
  ALTER TABLE jobs ADD COLUMN cost_usd REAL;
  ALTER TABLE jobs ADD COLUMN charged_on TEXT;
  CREATE INDEX jobs_charged ON jobs (guild_id, charged_on) WHERE charged_on IS NOT NULL;
  CREATE INDEX jobs_done ON jobs (model, seq) WHERE state = 'done';
  `,
  // A picture may come from several others, and how is kept. Parents may be gone: their children remember them.
  `
  ALTER TABLE jobs ADD COLUMN parents TEXT NOT NULL DEFAULT '[]';
  UPDATE jobs SET parents = json_array(json_object('pictureId', parent_picture_id, 'relation', 'other'))
    WHERE parent_picture_id IS NOT NULL;
  CREATE TABLE parents (
    child_id TEXT NOT NULL,
    parent_id TEXT NOT NULL,
    relation TEXT NOT NULL,
    PRIMARY KEY (child_id, relation, parent_id)
  ) WITHOUT ROWID;
  CREATE INDEX parents_of ON parents (parent_id);
  INSERT INTO parents SELECT id, parent_picture_id, 'other' FROM pictures WHERE parent_picture_id IS NOT NULL;
  ALTER TABLE jobs DROP COLUMN parent_picture_id;
  ALTER TABLE pictures DROP COLUMN parent_picture_id;
  CREATE INDEX jobs_shown ON jobs (message_channel_id, seq) WHERE state = 'done';
  `,
  // What "Make it here" under an inspected picture does when it is pressed, also after a restart.
  `
  CREATE TABLE offers (id TEXT PRIMARY KEY, offer TEXT NOT NULL, created_at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX offers_age ON offers (created_at);
  `,
  // Lessons that instructors brought; what people answered (the first and the last time) and which experiments they ran.
  `
  CREATE TABLE imported_lessons (
    guild_id TEXT NOT NULL,
    slug TEXT NOT NULL,
    source TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (guild_id, slug)
  ) WITHOUT ROWID;

  CREATE TABLE lesson_answers (
    guild_id TEXT NOT NULL,
    lesson TEXT NOT NULL,
    question TEXT NOT NULL,
    person_id TEXT NOT NULL,
    person_name TEXT NOT NULL,
    first_answer INTEGER NOT NULL,
    first_is_right INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_answer INTEGER NOT NULL,
    last_is_right INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (guild_id, lesson, question, person_id)
  ) WITHOUT ROWID;

  CREATE TABLE experiment_runs (
    seq INTEGER PRIMARY KEY,
    guild_id TEXT NOT NULL,
    lesson TEXT NOT NULL,
    experiment TEXT NOT NULL,
    person_id TEXT NOT NULL,
    person_name TEXT NOT NULL,
    prediction TEXT NOT NULL,
    job_id TEXT NOT NULL,
    created_at INTEGER NOT NULL
  );
  CREATE INDEX experiment_runs_of_lesson ON experiment_runs (guild_id, lesson, experiment);
  `,
  // Experiments whose person is writing a prediction.
  `
  CREATE TABLE experiment_plans (id TEXT PRIMARY KEY, plan TEXT NOT NULL, created_at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX experiment_plans_age ON experiment_plans (created_at);
  `,
  // Faces: who agreed to what, which pictures rely on it, and what a withdrawal still has to take away.
  `
  CREATE TABLE consents (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    guild_id TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    subject_name TEXT NOT NULL,
    user_id TEXT,
    user_name TEXT,
    purpose TEXT NOT NULL,
    input_id TEXT NOT NULL,
    face INTEGER NOT NULL,
    signature BLOB NOT NULL,
    granted_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    withdrawn_at INTEGER
  );
  CREATE TABLE consent_requests (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    guild_id TEXT NOT NULL,
    channel_id TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    subject_name TEXT NOT NULL,
    asker_id TEXT NOT NULL,
    asker_name TEXT NOT NULL,
    purpose TEXT NOT NULL,
    input_id TEXT NOT NULL,
    face INTEGER NOT NULL,
    signature BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    answer TEXT CHECK (answer IN ('yes', 'no', 'expired')),
    message_channel_id TEXT,
    message_id TEXT
  );
  CREATE TABLE swaps (
    picture_id TEXT PRIMARY KEY,
    consents TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE shown (
    picture_id TEXT NOT NULL,
    channel_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    PRIMARY KEY (picture_id, message_id)
  ) WITHOUT ROWID;
  CREATE TABLE removals (
    seq INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('picture', 'input', 'message')),
    id TEXT NOT NULL,
    channel_id TEXT
  );
  CREATE TABLE drafts (
    id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL,
    data TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) WITHOUT ROWID;
  `,
  // What is sent to Discord, before it is sent: after a crash it is looked for before it is sent again.
  `
  CREATE TABLE sends (
    seq INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    job_id TEXT,
    state TEXT NOT NULL CHECK (state IN ('planned', 'open', 'done')),
    kind TEXT,
    channel_id TEXT,
    mark INTEGER NOT NULL,
    data TEXT,
    message_channel_id TEXT,
    message_id TEXT,
    created_at INTEGER NOT NULL
  );
  CREATE INDEX sends_unfinished ON sends (seq) WHERE state <> 'done';
  CREATE INDEX sends_undelivered ON sends (job_id) WHERE state = 'done' AND message_id IS NULL;
  CREATE INDEX pictures_of_author ON pictures (author_id, guild_id, seq);
  `,
  // Offers and plans of experiments are drafts, too.
  `
  DROP TABLE offers;
  DROP TABLE experiment_plans;
  `,
  // What a job weighs in the fair order (queue/fairOrder.ts), what its day allows, and how long pictures of each size take.
  `
  ALTER TABLE jobs ADD COLUMN kind TEXT NOT NULL DEFAULT 'picture';
  ALTER TABLE jobs ADD COLUMN pictures INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE jobs ADD COLUMN size TEXT NOT NULL DEFAULT '';
  ALTER TABLE jobs ADD COLUMN asked_on TEXT;
  ALTER TABLE jobs ADD COLUMN is_first INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE jobs ADD COLUMN expected_seconds REAL NOT NULL DEFAULT 1;
  ALTER TABLE jobs ADD COLUMN clock REAL NOT NULL DEFAULT 0;
  ALTER TABLE jobs ADD COLUMN start_tag REAL;
  UPDATE jobs SET
    kind = CASE
      WHEN json_extract(request, '$.kind') = 'swap' THEN 'swap'
      WHEN json_extract(request, '$.experiment') IS NOT NULL THEN 'experiment'
      ELSE 'picture' END,
    pictures = coalesce(json_array_length(request, '$.experiment.cells'), json_extract(request, '$.count'), 1),
    size = coalesce(json_extract(request, '$.width') || 'x' || json_extract(request, '$.height'), '');
  ALTER TABLE turns ADD COLUMN finish_tag REAL NOT NULL DEFAULT 0;
  CREATE TABLE clocks (backend TEXT PRIMARY KEY, tag REAL NOT NULL) WITHOUT ROWID;
  CREATE INDEX jobs_asked ON jobs (guild_id, asked_on) WHERE asked_on IS NOT NULL;
  CREATE INDEX jobs_measured ON jobs (model, size, seq) WHERE state = 'done' AND kind <> 'experiment';
  `,
  // Interactions that say "thinking" while there is no job yet.
  `
  CREATE TABLE announced (
    interaction_id TEXT PRIMARY KEY,
    application_id TEXT NOT NULL,
    token TEXT NOT NULL,
    channel_id TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) WITHOUT ROWID;
  `,
  // The line and what is being drawn, found without reading the years behind them.
  `
  CREATE INDEX jobs_waiting ON jobs (seq) WHERE state = 'waiting';
  CREATE INDEX jobs_running ON jobs (seq) WHERE state = 'running';
  `,
  // Finish tags of each machine apart, and on which ones (a JSON list) a job that was begun counts. What was counted over all
  // machines holds on every one until the round ends: begun at 0, a flood that waits would go before all who came after it.
  `
  CREATE TABLE finish_tags (
    person_id TEXT NOT NULL,
    backend TEXT NOT NULL,
    tag REAL NOT NULL,
    PRIMARY KEY (person_id, backend)
  ) WITHOUT ROWID;
  INSERT INTO finish_tags SELECT person_id, backend, finish_tag FROM turns, clocks WHERE finish_tag > 0;
  ALTER TABLE turns DROP COLUMN finish_tag;
  ALTER TABLE jobs ADD COLUMN counted_on TEXT;
  `,
]
