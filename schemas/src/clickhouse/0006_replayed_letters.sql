-- Dead letters that were sent again through the stream. A letter is known by its place: stream, message, line.
CREATE TABLE IF NOT EXISTS replayed_letters
(
    stream UInt64 CODEC(ZSTD(1)),
    seq UInt64 CODEC(Delta(8), ZSTD(1)),
    line UInt32 CODEC(ZSTD(1)),
    at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1))
)
ENGINE = ReplacingMergeTree
ORDER BY (stream, seq, line)
SETTINGS non_replicated_deduplication_window = 10000, merge_with_ttl_timeout = 86400;
