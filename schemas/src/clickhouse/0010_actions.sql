-- What people did about alerts: the log, and what a start without a checkpoint folds again. The id is the command's: writing it again replaces the row.
CREATE TABLE IF NOT EXISTS actions
(
    id String,
    at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    by LowCardinality(String),
    what LowCardinality(String),
    alert String,
    topic String,
    action String CODEC(ZSTD(1)),
    stream UInt64 CODEC(ZSTD(1)),
    seq UInt64 CODEC(Delta(8), ZSTD(1)),
    insertedAt DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree
ORDER BY (at, id)
SETTINGS non_replicated_deduplication_window = 10000;
