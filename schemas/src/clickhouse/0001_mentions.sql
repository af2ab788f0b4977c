-- Every mention that was not a duplicate, with the wire columns of mention-columns.ts under their own names.
-- docs/decisions/0001-clickhouse-tables.md says why each type, codec, key and index is as it is.
CREATE TABLE IF NOT EXISTS mentions
(
    id String CODEC(ZSTD(1)),
    ts DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    ingested DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    stream UInt64 CODEC(ZSTD(1)),
    seq UInt64 CODEC(Delta(8), ZSTD(1)),
    line UInt32 CODEC(Delta(4), ZSTD(1)),
    platform LowCardinality(String),
    kind LowCardinality(String),
    author String CODEC(ZSTD(1)),
    authorName String CODEC(ZSTD(1)),
    followers Int64 CODEC(T64, ZSTD(1)),
    verified Int8 CODEC(ZSTD(1)),
    parent String CODEC(ZSTD(1)),
    root String CODEC(ZSTD(1)),
    lang LowCardinality(String),
    url String CODEC(ZSTD(1)),
    geo LowCardinality(String),
    tags Array(String) CODEC(ZSTD(1)),
    likes Int64 CODEC(T64, ZSTD(1)),
    reposts Int64 CODEC(T64, ZSTD(1)),
    comments Int64 CODEC(T64, ZSTD(1)),
    sentiment Float32 CODEC(ZSTD(1)),
    sentimentBy UInt8 CODEC(ZSTD(1)),
    topics Array(LowCardinality(String)) CODEC(ZSTD(1)),
    text String CODEC(ZSTD(1)),
    extra String CODEC(ZSTD(1)),
    fate UInt8 CODEC(ZSTD(1)),
    INDEX byId id TYPE bloom_filter(0.01) GRANULARITY 4,
    INDEX byAuthor author TYPE bloom_filter(0.01) GRANULARITY 4,
    INDEX byTopic topics TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(ingested)
ORDER BY (toStartOfMinute(ts), seq, line)
SETTINGS non_replicated_deduplication_window = 10000, merge_with_ttl_timeout = 86400;
