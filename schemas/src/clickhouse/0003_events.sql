-- What the engine said and what it refused. Each row of spikes and alerts has a deterministic id, so writing it again replaces it.
CREATE TABLE IF NOT EXISTS spikes
(
    id String,
    kind LowCardinality(String),
    topic LowCardinality(String),
    rule Tuple(count UInt64, within String),
    grade LowCardinality(String),
    at DateTime('UTC'),
    count UInt64,
    insertedAt DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree
ORDER BY (topic, at, id)
SETTINGS non_replicated_deduplication_window = 10000;

-- A row that says when the alert cleared beats the one from when it was raised.
CREATE TABLE IF NOT EXISTS alerts
(
    id String,
    topic LowCardinality(String),
    name Tuple(zh String, en String),
    grade LowCardinality(String),
    rule Tuple(count UInt64, within String),
    at DateTime('UTC'),
    count UInt64,
    clearedAt Nullable(DateTime('UTC')),
    cleared UInt8 MATERIALIZED clearedAt IS NOT NULL,
    insertedAt DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(cleared)
ORDER BY (topic, at, id)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS dead_letters
(
    ingested DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    stream UInt64 CODEC(ZSTD(1)),
    seq UInt64 CODEC(Delta(8), ZSTD(1)),
    line UInt32 CODEC(ZSTD(1)),
    subject LowCardinality(String),
    reason LowCardinality(String),
    detail String CODEC(ZSTD(1)),
    raw String CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(ingested)
ORDER BY (ingested, seq, line)
SETTINGS non_replicated_deduplication_window = 10000, merge_with_ttl_timeout = 86400;
