-- What the engine needs to go on after a restart, and the record of what was forgotten.
CREATE TABLE IF NOT EXISTS rules
(
    stream UInt64 DEFAULT 0,
    seq UInt64,
    text String CODEC(ZSTD(3)),
    appliedAt DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree
ORDER BY (stream, seq)
SETTINGS non_replicated_deduplication_window = 10000;

-- Only the newest row of a stream is kept.
CREATE TABLE IF NOT EXISTS positions
(
    stream UInt64,
    first UInt64,
    last UInt64,
    rows UInt64,
    insertedAt DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(last)
ORDER BY stream
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS forgotten
(
    kind LowCardinality(String),
    hash FixedString(64),
    rows UInt64,
    at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = MergeTree
ORDER BY (at, hash)
SETTINGS non_replicated_deduplication_window = 10000;
