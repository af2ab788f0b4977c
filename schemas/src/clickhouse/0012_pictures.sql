-- What the room's walls showed, a row every few seconds: the snapshot as it was sent, and what was new in it. Days leave as a whole.
-- Few rows a granule, for one of them is read at a time; large blocks, for neighbours are much alike.
CREATE TABLE IF NOT EXISTS pictures
(
    at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    perMinute UInt64 CODEC(Delta(8), ZSTD(1)),
    news String CODEC(ZSTD(3)),
    snapshot String CODEC(ZSTD(6))
)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(at)
ORDER BY at
TTL toDateTime(at) + toIntervalDay(30)
SETTINGS non_replicated_deduplication_window = 10000, merge_with_ttl_timeout = 86400, ttl_only_drop_parts = 1, index_granularity = 64, min_compress_block_size = 1048576, max_compress_block_size = 1048576;
