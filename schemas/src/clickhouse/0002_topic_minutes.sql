-- Counted mentions a minute of event time, by topic, platform and sign of the sentiment: what charts over days read.
-- A sentiment from -0.05 to 0.05 is neutral, as in the engine's own windows. Counts hold nobody's identity. `newest` is ingest time and carries the retention.
CREATE TABLE IF NOT EXISTS topic_minutes
(
    topic LowCardinality(String),
    minute DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    platform LowCardinality(String),
    sign Int8 CODEC(ZSTD(1)),
    mentions SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
    newest SimpleAggregateFunction(max, DateTime('UTC')) CODEC(Delta(4), ZSTD(1))
)
ENGINE = AggregatingMergeTree
ORDER BY (topic, minute, platform, sign)
SETTINGS non_replicated_deduplication_window = 10000, merge_with_ttl_timeout = 86400;

CREATE MATERIALIZED VIEW IF NOT EXISTS topic_minutes_from_mentions TO topic_minutes AS
SELECT
    topic,
    toDateTime(toStartOfMinute(ts), 'UTC') AS minute,
    platform,
    toInt8(multiIf(sentiment > toFloat32(0.05), 1, sentiment < -toFloat32(0.05), -1, 0)) AS sign,
    count() AS mentions,
    toDateTime(max(ingested), 'UTC') AS newest
FROM mentions
ARRAY JOIN topics AS topic
WHERE fate = 0
GROUP BY topic, minute, platform, sign;
