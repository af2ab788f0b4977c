-- Where a filter is on the axis of arrival, months are all that the key leaves out: the least and the greatest arrival of each granule leave out nearly all else.
ALTER TABLE mentions ADD INDEX IF NOT EXISTS byIngested ingested TYPE minmax GRANULARITY 1;
ALTER TABLE mentions MATERIALIZE INDEX byIngested;
