-- Mentions of the engine's own that crossed the pipeline to be timed. A row is proof that one came as far as the store.
CREATE TABLE IF NOT EXISTS canaries
(
    id String CODEC(ZSTD(1)),
    stream UInt64,
    seq UInt64 CODEC(Delta(8), ZSTD(1)),
    sentAt DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    appliedAt DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    insertedAt DateTime64(3, 'UTC') DEFAULT now64(3) CODEC(Delta(8), ZSTD(1))
)
ENGINE = MergeTree
ORDER BY (insertedAt, seq)
TTL toDateTime(insertedAt) + INTERVAL 7 DAY
SETTINGS non_replicated_deduplication_window = 10000, merge_with_ttl_timeout = 86400;
