-- A snapshot says each thing once, and nothing else says it again: a byte that a disk has changed would go unseen. The sum is
-- FNV-1a of the payload, in 64 bits. Snapshots of before have none.
ALTER TABLE snapshots ADD COLUMN sum INTEGER;
