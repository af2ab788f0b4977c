-- Events of the baseline stand among the spikes (kind 'baseline'): `rule` is the window with what 99 of 100 such windows hold at most, the
-- other columns are their own. An alert of the baseline carries its evidence; of all others the reason is empty.
ALTER TABLE spikes
    ADD COLUMN IF NOT EXISTS state LowCardinality(String),
    ADD COLUMN IF NOT EXISTS alarmBudget LowCardinality(String),
    ADD COLUMN IF NOT EXISTS since DateTime('UTC'),
    ADD COLUMN IF NOT EXISTS usual Float64,
    ADD COLUMN IF NOT EXISTS high Float64,
    ADD COLUMN IF NOT EXISTS falseAlarms Float64,
    ADD COLUMN IF NOT EXISTS platform LowCardinality(String),
    ADD COLUMN IF NOT EXISTS reason Tuple(zh String, en String);

ALTER TABLE alerts
    ADD COLUMN IF NOT EXISTS evidence Tuple(reason Tuple(zh String, en String), usual Float64, falseAlarms Float64);
