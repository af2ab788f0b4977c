-- Who saved the rules at a desk; empty: the file changed, or they were those at the start.
ALTER TABLE rules ADD COLUMN IF NOT EXISTS by String DEFAULT '';
