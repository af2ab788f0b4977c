-- One row a cascade that has left the engine's memory: its measures, and the tree as bytes (schemas/src/cascade-binary.ts). Light columns are
-- what lists read; `tree` and `hashes` are read for one root only. `hashes` has those of the ids (0, 0: forgotten) and of no account.
-- JSON has no bytes: rows come with base64 in the two EPHEMERAL columns. `edition` grows where a row is written again without what was forgotten.
-- Rows that are read by key beside such large strings lie in small granules.
CREATE TABLE IF NOT EXISTS cascades
(
    root String CODEC(ZSTD(1)),
    evictedAt DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    edition UInt32 CODEC(ZSTD(1)),
    rootAt DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    firstAt DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    lastAt DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    size UInt32 CODEC(ZSTD(1)),
    depth UInt32 CODEC(ZSTD(1)),
    maxBreadth UInt32 CODEC(ZSTD(1)),
    leaves UInt32 CODEC(ZSTD(1)),
    structuralVirality Float64 CODEC(ZSTD(1)),
    durationSeconds Float64 CODEC(ZSTD(1)),
    authors UInt32 CODEC(ZSTD(1)),
    reach Float64 CODEC(ZSTD(1)),
    followersKnown UInt32 CODEC(ZSTD(1)),
    withText UInt32 CODEC(ZSTD(1)),
    negative UInt32 CODEC(ZSTD(1)),
    neutral UInt32 CODEC(ZSTD(1)),
    positive UInt32 CODEC(ZSTD(1)),
    unknownEdges UInt32 CODEC(ZSTD(1)),
    platforms Array(Tuple(platform LowCardinality(String), mentions UInt32, firstAt DateTime64(3, 'UTC'))) CODEC(ZSTD(1)),
    topics Array(LowCardinality(String)) CODEC(ZSTD(1)),
    treeBase64 String EPHEMERAL,
    hashesBase64 String EPHEMERAL,
    tree String DEFAULT base64Decode(treeBase64) CODEC(ZSTD(1)),
    hashes String DEFAULT base64Decode(hashesBase64) CODEC(NONE)
)
ENGINE = ReplacingMergeTree(edition)
PARTITION BY toYYYYMM(evictedAt)
ORDER BY (root, evictedAt)
SETTINGS non_replicated_deduplication_window = 10000, merge_with_ttl_timeout = 86400, index_granularity = 1024;
