//! What fields a message of the schema has, found out by trying, so that one test can fill any of them.
//!
//! A field's bytes are decoded and encoded again: what is refused has another type, what is gone is no field.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "protobuf writes whole numbers as their bits, seven at a time"
)]

use std::collections::BTreeMap;

/// The highest number of a field, and those that text alone has.
const LAST_NUMBER: u32 = 150;
const TEXT_ONLY: [u32; 6] = [1001, 1002, 1003, 1004, 1005, 1006];

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Int,
    Long,
    Double,
    Flag,
    Text,
}

/// A field of a message, by its number in the schema.
#[derive(Clone, Debug)]
pub(super) enum Field {
    Leaf(u32, Kind),
    Message(u32, Vec<Field>),
}

/// A value of a field.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Whole(i64),
    Double(f64),
    Text(String),
}

/// The numbers of the fields that lead to a value.
pub(super) type Path = Vec<u32>;
/// Decodes and encodes again; `None` when the bytes are refused.
pub(super) type Again<'a> = &'a dyn Fn(&[u8]) -> Option<Vec<u8>>;

fn varint(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn read_varint(bytes: &mut &[u8]) -> u64 {
    let mut value = 0;
    for shift in (0..).step_by(7) {
        let (first, rest) = bytes.split_first().expect("a whole number");
        *bytes = rest;
        value |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            break;
        }
    }
    value
}

fn key(number: u32, wire: u64) -> Vec<u8> {
    let mut out = Vec::new();
    varint(u64::from(number) << 3 | wire, &mut out);
    out
}

fn with_length(number: u32, body: &[u8]) -> Vec<u8> {
    let mut out = key(number, 2);
    varint(body.len() as u64, &mut out);
    out.extend_from_slice(body);
    out
}

/// One field as protobuf.
fn encoded(number: u32, value: &Value) -> Vec<u8> {
    match value {
        Value::Whole(it) => {
            let mut out = key(number, 0);
            varint(*it as u64, &mut out);
            out
        }
        Value::Double(it) => {
            let mut out = key(number, 1);
            out.extend_from_slice(&it.to_le_bytes());
            out
        }
        Value::Text(it) => with_length(number, it.as_bytes()),
    }
}

fn wrapped(path: &[u32], body: Vec<u8>) -> Vec<u8> {
    path.iter().rev().fold(body, |body, number| with_length(*number, &body))
}

/// The fields of the message that `path` leads to.
pub(super) fn fields(path: &[u32], again: Again<'_>) -> Vec<Field> {
    let numbers = (1..=LAST_NUMBER).chain(TEXT_ONLY);
    numbers.filter_map(|number| field(path, number, again)).collect()
}

fn field(path: &[u32], number: u32, again: Again<'_>) -> Option<Field> {
    let nothing = again(&wrapped(path, Vec::new()));
    let tried = |body: Vec<u8>| again(&wrapped(path, body)).filter(|it| Some(it) != nothing.as_ref());
    if tried(encoded(number, &Value::Double(1.5))).is_some() {
        return Some(Field::Leaf(number, Kind::Double));
    }
    if let Some(two) = tried(encoded(number, &Value::Whole(2))) {
        let kind = if tried(encoded(number, &Value::Whole(1))) == Some(two) {
            Kind::Flag
        } else if tried(encoded(number, &Value::Whole(1 << 40)))
            .is_some_and(|it| it.len() > 4 + 2 * path.len())
        {
            Kind::Long
        } else {
            Kind::Int
        };
        return Some(Field::Leaf(number, kind));
    }
    if tried(with_length(number, b"a")).is_some() {
        return Some(Field::Leaf(number, Kind::Text));
    }
    tried(with_length(number, b""))?;
    let inner: Path = path.iter().copied().chain([number]).collect();
    Some(Field::Message(number, fields(&inner, again)))
}

/// A message as protobuf, with the values that `choose` gives; a field without one is not set.
pub(super) fn build(
    fields: &[Field],
    path: &mut Path,
    choose: &mut dyn FnMut(&[u32], Kind) -> Option<Value>,
) -> Vec<u8> {
    let mut out = Vec::new();
    for field in fields {
        match field {
            Field::Leaf(number, kind) => {
                path.push(*number);
                if let Some(value) = choose(path, *kind) {
                    out.extend(encoded(*number, &value));
                }
                path.pop();
            }
            Field::Message(number, inner) => {
                path.push(*number);
                let body = build(inner, path, choose);
                out.extend(with_length(*number, &body));
                path.pop();
            }
        }
    }
    out
}

/// All values in a message, by where they stand; those of lists one behind the other.
pub(super) fn values(fields: &[Field], bytes: &[u8]) -> BTreeMap<Path, Vec<Value>> {
    let mut found = BTreeMap::new();
    collect(fields, bytes, &mut Vec::new(), &mut found);
    found
}

fn collect(fields: &[Field], mut bytes: &[u8], path: &mut Path, found: &mut BTreeMap<Path, Vec<Value>>) {
    while !bytes.is_empty() {
        let key = read_varint(&mut bytes);
        let number = (key >> 3) as u32;
        let field =
            fields.iter().find(|it| matches!(it, Field::Leaf(n, _) | Field::Message(n, _) if *n == number));
        path.push(number);
        let mut put = |value| found.entry(path.clone()).or_default().push(value);
        match (key & 7, field.expect("a field that was found")) {
            (0, _) => put(Value::Whole(read_varint(&mut bytes) as i64)),
            (1, _) => {
                let (number, rest) = bytes.split_first_chunk::<8>().expect("eight bytes");
                bytes = rest;
                put(Value::Double(f64::from_le_bytes(*number)));
            }
            (_, field) => {
                let length = read_varint(&mut bytes) as usize;
                let (mut body, rest) = bytes.split_at(length);
                bytes = rest;
                match field {
                    Field::Message(_, inner) => collect(inner, body, path, found),
                    Field::Leaf(_, Kind::Text) => {
                        put(Value::Text(String::from_utf8_lossy(body).into_owned()))
                    }
                    Field::Leaf(_, Kind::Double) => body
                        .chunks_exact(8)
                        .for_each(|it| put(Value::Double(f64::from_le_bytes(it.try_into().expect("eight"))))),
                    Field::Leaf(..) => {
                        while !body.is_empty() {
                            put(Value::Whole(read_varint(&mut body) as i64));
                        }
                    }
                }
            }
        }
        path.pop();
    }
}
