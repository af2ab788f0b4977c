import { describe, expect, test } from 'vitest'
import { insertFromFile, quoted, readStatement } from './chdb-sql.ts'

describe('what a statement is', () => {
  test.each([
    ['SELECT 1', 'read', null], ['-- note\n  select 1 format JSON', 'read', 'JSON'], ['WITH 1 AS a SELECT a FORMAT TSV SETTINGS max_threads = 1', 'read', 'TSV'],
    ['SELECT \'FORMAT CSV\' AS `format`, "FORMAT X"', 'read', null], ['SELECT (SELECT 1 FORMAT Inner)', 'read', null], ['/* INSERT */ (SELECT 1)', 'read', null],
    ['SHOW TABLES', 'read', null], ['CREATE TABLE t (a UInt8) ENGINE = Memory', 'write', null], ['SET max_threads = 1', 'write', null], ['INSERT INTO t SELECT 1', 'insert', null],
  ])('%s', (sql, kind, format) => { expect(readStatement(sql)).toMatchObject({ kind, format, dataAt: null }) })

  test.each([
    ['INSERT INTO t FORMAT JSONEachRow\n{"a":" FORMAT X "}', '{"a":" FORMAT X "}', 'JSONEachRow'], ['INSERT INTO t (a) VALUES (1),(2)', '(1),(2)', 'Values'],
    ['INSERT INTO t FORMAT TSV\n\t1', '\t1', 'TSV'], ['INSERT INTO t FORMAT Native', '', 'Native'], ['INSERT INTO t SETTINGS x = \'VALUES\' FORMAT CSV 1,2', '1,2', 'CSV'],
  ])('the data of %s', (sql, data, format) => {
    const statement = readStatement(sql)
    expect({ data: sql.slice(statement.dataAt ?? Number.NaN), format: statement.format }).toEqual({ data, format })
  })
})

test.each([
  ['INSERT INTO t (a) FORMAT CSV', 'INSERT INTO t (a) FROM INFILE \'/p\' COMPRESSION \'none\'  FORMAT CSV'],
  ['INSERT INTO t SETTINGS a = 1 FORMAT CSV', 'INSERT INTO t FROM INFILE \'/p\' COMPRESSION \'none\' SETTINGS a = 1  FORMAT CSV'],
  ['INSERT INTO t VALUES', 'INSERT INTO t FROM INFILE \'/p\' COMPRESSION \'none\'  FORMAT Values'],
  ['INSERT INTO t SELECT a FROM input(\'a DateTime(\\\'UTC\\\')\') WHERE a > 0 SETTINGS x = 1 FORMAT Native', 'INSERT INTO t SELECT a FROM file(\'/p\', Native, \'a DateTime(\\\'UTC\\\')\') WHERE a > 0 SETTINGS x = 1 '],
])('%s takes its data from a file', (sql, expected) => { expect(insertFromFile(sql, readStatement(sql), '/p')).toBe(expected) })

test('a literal holds quotes and backslashes', () => { expect(quoted('a\'b\\c')).toBe('\'a\\\'b\\\\c\'') })
