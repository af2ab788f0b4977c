-- Events of spread stand among the spikes (kinds 'spread', 'ignition', 'coordination'), each with columns of its own; `state`, `since` and `reason` are
-- shared with the baseline. A spread rule's `rule` is its threshold, rounded up, and its span. An alert of one carries what it found.
ALTER TABLE spikes
    ADD COLUMN IF NOT EXISTS measure LowCardinality(String),
    ADD COLUMN IF NOT EXISTS threshold Float64,
    ADD COLUMN IF NOT EXISTS root String,
    ADD COLUMN IF NOT EXISTS value Float64,
    ADD COLUMN IF NOT EXISTS size UInt64,
    ADD COLUMN IF NOT EXISTS mention String,
    ADD COLUMN IF NOT EXISTS followers Int64 DEFAULT -1,
    ADD COLUMN IF NOT EXISTS quietSeconds UInt32,
    ADD COLUMN IF NOT EXISTS gained UInt64,
    ADD COLUMN IF NOT EXISTS accounts UInt64,
    ADD COLUMN IF NOT EXISTS shares UInt64,
    ADD COLUMN IF NOT EXISTS objects UInt64,
    ADD COLUMN IF NOT EXISTS capped UInt8;

ALTER TABLE alerts
    ADD COLUMN IF NOT EXISTS spread Tuple(root String, measure String, threshold Float64, value Float64, size UInt64, reason Tuple(zh String, en String));
