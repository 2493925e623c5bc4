import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readDisposition } from './content-disposition.ts'

describe('the Content-Disposition of a part', () => {
  const read: Record<string, readonly [name: string, filename: string | null]> = {
    'form-data; name="a"': ['a', null],
    'Form-Data;NAME="a"': ['a', null],
    'form-data ;\t name=a ; ': ['a', null],
    'form-data;; ;name=a;': ['a', null],
    'form-data; name=""': ['', null],
    'form-data; name="a;b=c"; filename="d; name=e"': ['a;b=c', 'd; name=e'],
    'form-data; filename=b.txt; name=a': ['a', 'b.txt'],
    'form-data; name="a"; filename=""': ['a', ''],
    'form-data; name="ë"; filename="\ufeff😀"': ['ë', '\ufeff😀'],
    'form-data; name="__proto__"; constructor=b': ['__proto__', null],
    'form-data; name="a\tb  "': ['a\tb  ', null],
    // What is escaped, and what only looks like it.
    'form-data; name="%22%0D%0A%0d%20%41%%22%2"': ['"\r\n%0d%20%41%"%2', null],
    'form-data; name=%22': ['%22', null],
    'form-data; name="a"; filename="C:\\dir\\b.txt"': ['a', 'C:\\dir\\b.txt'],
    'form-data; name="a"; filename="C:\\dir\\"': ['a', 'C:\\dir\\'],
    'form-data; filename="C:\\dir\\" ; name="a\\"': ['a\\', 'C:\\dir\\'],
    'form-data; name="\\"': ['\\', null],
    'form-data; name="a\\"b\\"c"': ['a"b"c', null],
    'form-data; name="\\"b"': ['"b', null],
    'form-data; name="a\\" b; c"': ['a" b; c', null],
    'form-data; name="a\\\\b"': ['a\\\\b', null],
    'form-data; name="a\\\\"b"': ['a\\"b', null],
    'form-data; name="a\\%22b"': ['a\\"b', null],
    // The extended filename.
    "form-data; name=a; filename*=UTF-8''%e2%82%ac%20b": ['a', '€ b'],
    "form-data; name=a; filename*=utf-8'en-GB'b!#$&+-.^_`|~": ['a', 'b!#$&+-.^_`|~'],
    "form-data; name=a; filename*=UTF-8''": ['a', ''],
    "form-data; name=a; filename*=UTF-8''%09%0d%0A": ['a', '\t\r\n'],
    "form-data; name=a; filename=b; filename*=UTF-8''c": ['a', 'b'],
    "form-data; name=a; filename*=UTF-8''c; filename=b": ['a', 'b'],
    'form-data; name=a; filename=b; filename*=nonsense': ['a', 'b'],
    "form-data; name=a; name*=UTF-8''b": ['a', null],
  }
  for (const [value, [name, filename]] of Object.entries(read)) {
    it(`is read: ${value}`, () => {
      assert.deepEqual(readDisposition(value), { kind: 'disposition', name, filename })
    })
  }

  const notFormData = (shown: string) => `A part has the Content-Disposition ${shown}; it has to be form-data.`
  const unread = (shown: string) => `The Content-Disposition of a part cannot be read from ${shown} on.`
  const unclosed = 'A quote in the Content-Disposition of a part is not closed.'
  const notExtended = (shown: string) => `The filename* ${shown} is not written as RFC 8187 has it.`
  const wrong: Record<string, string> = {
    '': notFormData('""'),
    attachment: notFormData('"attachment"'),
    'form-data2; name=a': notFormData('"form-data2; name=a"'),
    '"form-data"; name=a': notFormData('"\\"form-data\\"; name=a"'),
    'form-data': 'The Content-Disposition of a part has no name.',
    'form-data; filename="b"': 'The Content-Disposition of a part has no name.',
    "form-data; name*=UTF-8''a": 'The Content-Disposition of a part has no name.',
    'form-data, name=a': unread('", name=a"'),
    'form-data name=a': unread('"name=a"'),
    'form-data; name': unread('"name"'),
    'form-data; name =a': unread('"name =a"'),
    'form-data; name= a': unread('"name= a"'),
    'form-data; name=': unread('"name="'),
    'form-data; =a': unread('"=a"'),
    'form-data; "name"=a': unread('"\\"name\\"=a"'),
    'form-data; name=a b': unread('"b"'),
    'form-data; name=ë': unread('"name=ë"'),
    'form-data; name=a/b': unread('"/b"'),
    'form-data; name="a"b': unread('"b"'),
    'form-data; name="a""b"': unread('"\\"b\\""'),
    'form-data; name="a"b"': unread('"b\\""'),
    'form-data; name="a\\"; b"': unread('"b\\""'),
    'form-data; name="a': unclosed,
    'form-data; name="': unclosed,
    'form-data; name="a\\"b': unclosed,
    'form-data; name=a; name=a': 'The Content-Disposition of a part has "name" twice.',
    'form-data; name=a; Name=b': 'The Content-Disposition of a part has "name" twice.',
    'form-data; name=a; filename=b; FILENAME=c': 'The Content-Disposition of a part has "filename" twice.',
    'form-data; name=a; x=b; x=b': 'The Content-Disposition of a part has "x" twice.',
    "form-data; name=a; filename*=ISO-8859-1''b": notExtended('"ISO-8859-1\'\'b"'),
    "form-data; name=a; filename*=''b": notExtended('"\'\'b"'),
    'form-data; name=a; filename*=b': notExtended('"b"'),
    'form-data; name=a; filename*="UTF-8\'\'b"': notExtended('"\\"UTF-8\'\'b\\""'),
    "form-data; name=a; filename*=UTF-8''%e2%82": notExtended('"UTF-8\'\'%e2%82"'),
    "form-data; name=a; filename*=UTF-8''%c0%af": notExtended('"UTF-8\'\'%c0%af"'),
    "form-data; name=a; filename*=UTF-8''%ed%a0%80": notExtended('"UTF-8\'\'%ed%a0%80"'),
    "form-data; name=a; filename*=UTF-8''%4": notExtended('"UTF-8\'\'%4"'),
    "form-data; name=a; filename*=UTF-8''b%00": notExtended('"UTF-8\'\'b%00"'),
    "form-data; name=a; filename*=UTF-8''b%1f": notExtended('"UTF-8\'\'b%1f"'),
    "form-data; name=a; filename*=UTF-8''b%7F": notExtended('"UTF-8\'\'b%7F"'),
    "form-data; name=a; filename*=UTF-8''b'c": notExtended("\"UTF-8''b'c\""),
  }
  for (const [value, detail] of Object.entries(wrong)) {
    it(`is refused: ${JSON.stringify(value)}`, () => {
      assert.deepEqual(readDisposition(value), { kind: 'refused', code: 'form/multipart-malformed', detail })
    })
  }

  it('is quoted with at most 40 of its characters when it is refused', () => {
    const refusal = readDisposition(`form-data; ${'<'.repeat(500)}`)
    assert.equal(refusal.kind === 'refused' && refusal.detail, unread(`"${'<'.repeat(40)}…"`))
  })
})
