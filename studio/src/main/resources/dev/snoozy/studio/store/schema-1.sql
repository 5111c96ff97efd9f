CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE presets (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  system TEXT NOT NULL,
  options TEXT NOT NULL,
  created INTEGER NOT NULL
);

CREATE TABLE folders (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  created INTEGER NOT NULL
);

CREATE TABLE chats (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  folder TEXT REFERENCES folders(id) ON DELETE SET NULL,
  pinned INTEGER NOT NULL,
  model TEXT NOT NULL,
  system TEXT NOT NULL,
  options TEXT NOT NULL,
  leaf TEXT,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL
);
CREATE INDEX chats_by_time ON chats(updated DESC, id DESC);

-- A parent is no foreign key: deleting a long chat would be one trigger within another a thousand times.
CREATE TABLE messages (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  chat TEXT NOT NULL REFERENCES chats(id) ON DELETE CASCADE,
  parent TEXT,
  role TEXT NOT NULL,
  content TEXT NOT NULL,
  reasoning TEXT NOT NULL,
  attachments TEXT NOT NULL,
  model TEXT NOT NULL,
  digest TEXT NOT NULL,
  seed INTEGER,
  options TEXT NOT NULL,
  stats TEXT NOT NULL,
  finish TEXT,
  error TEXT NOT NULL,
  state TEXT NOT NULL,
  created INTEGER NOT NULL,
  ids TEXT NOT NULL,
  tokens TEXT
);
CREATE INDEX messages_by_chat ON messages(chat);
CREATE INDEX messages_by_parent ON messages(parent);
CREATE INDEX messages_by_state ON messages(state) WHERE state <> 'done';

-- What a model writes lies here, token by token, until the message is whole.
CREATE TABLE pieces (
  message TEXT NOT NULL REFERENCES messages(id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  content TEXT NOT NULL,
  reasoning TEXT NOT NULL,
  ids TEXT NOT NULL,
  tokens TEXT,
  PRIMARY KEY (message, number)
) WITHOUT ROWID;

-- Of three characters, so that parts of words are found, and words of languages without spaces.
CREATE VIRTUAL TABLE message_index USING fts5(
  content, content='messages', content_rowid='number', tokenize='trigram'
);
CREATE TRIGGER messages_added AFTER INSERT ON messages BEGIN
  INSERT INTO message_index(rowid, content) VALUES (new.number, new.content);
END;
CREATE TRIGGER messages_removed AFTER DELETE ON messages BEGIN
  INSERT INTO message_index(message_index, rowid, content)
    VALUES ('delete', old.number, old.content);
END;
CREATE TRIGGER messages_changed AFTER UPDATE OF content ON messages BEGIN
  INSERT INTO message_index(message_index, rowid, content)
    VALUES ('delete', old.number, old.content);
  INSERT INTO message_index(rowid, content) VALUES (new.number, new.content);
END;

CREATE TABLE runs (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  request TEXT NOT NULL,
  seed INTEGER NOT NULL,
  state TEXT NOT NULL,
  repeat_of TEXT,
  created INTEGER NOT NULL,
  ended INTEGER
);

CREATE TABLE cells (
  id TEXT PRIMARY KEY,
  run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  place INTEGER NOT NULL,
  prompt INTEGER NOT NULL,
  round INTEGER NOT NULL,
  result TEXT NOT NULL,
  state TEXT NOT NULL
);
CREATE UNIQUE INDEX cells_by_run ON cells(run, number);

CREATE TABLE votes (
  id TEXT PRIMARY KEY,
  run TEXT NOT NULL,
  left_name TEXT NOT NULL,
  right_name TEXT NOT NULL,
  winner TEXT NOT NULL,
  created INTEGER NOT NULL
);

CREATE TABLE prompt_sets (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  prompts TEXT NOT NULL,
  created INTEGER NOT NULL
);

CREATE TABLE jobs (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  record TEXT NOT NULL,
  created INTEGER NOT NULL
);

-- Digests of files, as long as size and time of a file are what they were.
CREATE TABLE digests (
  file TEXT PRIMARY KEY,
  bytes INTEGER NOT NULL,
  modified INTEGER NOT NULL,
  digest TEXT NOT NULL
) WITHOUT ROWID;
