-- Who looked at what accounts call themselves, and when. Kept for three years, by the clock of the engine.
CREATE TABLE IF NOT EXISTS access_log
(
    at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    by String CODEC(ZSTD(1)),
    role LowCardinality(String),
    route String CODEC(ZSTD(1)),
    query String CODEC(ZSTD(1)),
    insertedAt DateTime64(3, 'UTC') DEFAULT now64(3) CODEC(Delta(8), ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (at, by)
TTL toDateTime(at) + INTERVAL 1095 DAY
SETTINGS non_replicated_deduplication_window = 10000, merge_with_ttl_timeout = 86400;
