//! What is written reads back as it was, for every message in every version; and any bytes give a message or an error.

use super::lost;
use super::probe::{Again, Field, Kind, Path, Value, build, fields, values};
use crate::wire::text::{Reader, TextError, Writer};
use crate::wire::version::{LAST_TEXT, OLDEST};
use crate::wire::{Answer, Request};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// A message's number, its bytes in one form, and a version: its bytes in the other form.
type Convert = fn(i32, &[u8], i32) -> Result<Vec<u8>, TextError>;

/// The messages of one direction, as bytes of protobuf.
struct Direction {
    all: &'static [(i32, &'static str)],
    /// Decodes and encodes again.
    again: fn(i32, &[u8]) -> Option<Vec<u8>>,
    /// Protobuf to text.
    write: Convert,
    /// Text to protobuf.
    read: Convert,
}

macro_rules! direction {
    ($message:ident) => {
        Direction {
            all: $message::ALL,
            again: |id, bytes| {
                let message = $message::from_protobuf(id, bytes)?.ok()?;
                let mut out = Vec::new();
                message.put_protobuf(&mut out);
                Some(out)
            },
            write: |id, bytes, version| {
                let message = $message::from_protobuf(id, bytes).expect("a number");
                let mut out = Vec::new();
                message.expect("good bytes").lay(&mut Writer::new(&mut out, version))?;
                Ok(out)
            },
            read: |id, text, version| {
                let mut message = $message::empty(id).expect("a number");
                let mut cursor = Reader::new(text, version)?;
                message.lay(&mut cursor)?;
                let mut out = Vec::new();
                message.put_protobuf(&mut out);
                Ok(out)
            },
        }
    };
}

const DIRECTIONS: [Direction; 2] = [direction!(Request), direction!(Answer)];

/// So many ways there are to fill a message, so that each optional block is there in one of them.
const VARIANTS: usize = 12;

/// Values on which blocks depend: a message, a field, and what it may be.
fn special(call: &str, path: &[u32], variant: usize) -> Option<Value> {
    const ORDER_TYPES: [&str; 3] = ["PEG BENCH", "PEG BEST", "PEG MID"];
    const CONDITIONS: [i64; 6] = [1, 3, 4, 5, 6, 7];
    const TICKS: [i64; 4] = [1, 2, 3, 4];
    let text = |text: &str| Some(Value::Text(text.into()));
    match (call, path) {
        ("placeOrder", [2, 3]) | ("reqMktData" | "reqHistoricalData", [2, 3]) => text("BAG"),
        ("placeOrder", [2, 8]) => text("IBKRATS"),
        ("CONTRACT_DATA", [2, 3]) => text("FUND"),
        ("placeOrder" | "OPEN_ORDER", [3, 8]) | ("COMPLETED_ORDER", [2, 8]) => {
            text(ORDER_TYPES[variant % ORDER_TYPES.len()])
        }
        ("placeOrder" | "OPEN_ORDER", [3, 100, 1]) | ("COMPLETED_ORDER", [2, 100, 1]) => {
            Some(Value::Whole(CONDITIONS[variant % CONDITIONS.len()]))
        }
        ("placeOrder", [3, 129]) if variant < 6 => Some(Value::Double(f64::INFINITY)),
        ("TICK_BY_TICK", [2]) => Some(Value::Whole(TICKS[variant % TICKS.len()])),
        _ => None,
    }
}

fn schema(direction: &Direction, id: i32) -> Vec<Field> {
    let again: Again<'_> = &|bytes| (direction.again)(id, bytes);
    fields(&[], again)
}

/// The schemas of all messages, found out once.
fn schemas() -> &'static [Vec<Vec<Field>>] {
    static SCHEMAS: OnceLock<Vec<Vec<Vec<Field>>>> = OnceLock::new();
    SCHEMAS.get_or_init(|| {
        let all = |it: &Direction| it.all.iter().map(|(id, _)| schema(it, *id)).collect();
        DIRECTIONS.iter().map(all).collect()
    })
}

/// A message with every field set, each to another value.
fn full(call: &str, schema: &[Field], variant: usize) -> Vec<u8> {
    let mut next = 100;
    build(schema, &mut Vec::new(), &mut |path, kind| {
        next += 1;
        Some(special(call, path, variant).unwrap_or_else(|| match kind {
            Kind::Int | Kind::Long => Value::Whole(next),
            Kind::Double => Value::Double(next as f64 + 0.5),
            Kind::Flag => Value::Whole(1),
            Kind::Text => Value::Text(format!("t{next}")),
        }))
    })
}

/// Every message with every field set, for tests that ask about fields.
pub(crate) fn filled(mut request: impl FnMut(&Request), mut answer: impl FnMut(&Answer)) {
    let [requests, answers] = schemas() else { panic!("two directions") };
    for ((id, call), schema) in Request::ALL.iter().zip(requests) {
        let read = Request::from_protobuf(*id, &full(call, schema, 0)).expect("a number");
        request(&read.expect("good bytes"));
    }
    for ((id, call), schema) in Answer::ALL.iter().zip(answers) {
        let read = Answer::from_protobuf(*id, &full(call, schema, 0)).expect("a number");
        answer(&read.expect("good bytes"));
    }
}

/// The fields that a version's text does not carry in any variant; what it carries must be what was written.
fn lost_in(direction: &Direction, id: i32, call: &str, schema: &[Field], version: i32) -> BTreeSet<Path> {
    let mut lost: Option<BTreeSet<Path>> = None;
    let has_blocks = ["placeOrder", "OPEN_ORDER", "COMPLETED_ORDER", "TICK_BY_TICK"].contains(&call);
    for variant in 0..if has_blocks { VARIANTS } else { 1 } {
        let message = full(call, schema, variant);
        let Ok(text) = (direction.write)(id, &message, version) else { return BTreeSet::new() };
        let read = (direction.read)(id, &text, version)
            .unwrap_or_else(|error| panic!("{call} at {version}: {error}"));
        let (before, after) = (values(schema, &message), values(schema, &read));
        let mut gone = BTreeSet::new();
        for (path, value) in &before {
            match after.get(path) {
                Some(it) => assert_eq!(it, value, "{call} at {version}, field {path:?}"),
                None => drop(gone.insert(path.clone())),
            }
        }
        lost = Some(lost.map_or(gone.clone(), |lost| &lost & &gone));
    }
    lost.unwrap_or_default()
}

#[test]
fn what_the_last_text_cannot_carry_is_known_and_earlier_ones_carry_no_more() {
    let tables = [lost::REQUESTS, lost::ANSWERS];
    for ((direction, known), schemas) in DIRECTIONS.iter().zip(tables).zip(schemas()) {
        for ((id, call), schema) in direction.all.iter().zip(schemas) {
            let mut later = lost_in(direction, *id, call, schema, LAST_TEXT);
            assert_eq!(later, lost::of(known, call).into_iter().collect(), "{call} at {LAST_TEXT}");
            // Bars had their period with them until it got a message of its own.
            for version in (OLDEST..LAST_TEXT).rev().filter(|_| !call.starts_with("HISTORICAL_DATA")) {
                let now = lost_in(direction, *id, call, schema, version);
                let appeared: Vec<_> = later.difference(&now).collect();
                assert!(appeared.is_empty(), "{call} at {version} carries {appeared:?}");
                later = now;
            }
        }
    }
}

#[test]
fn bars_have_their_period_with_them_until_it_has_a_message_of_its_own() {
    let [_, answers] = &DIRECTIONS;
    let bars = schema(answers, 17);
    assert_eq!(lost_in(answers, 17, "HISTORICAL_DATA", &bars, 195), BTreeSet::new());
    let end = full("HISTORICAL_DATA_END", &schema(answers, 108), 0);
    assert_eq!((answers.write)(108, &end, 195), Err(TextError::NoLayout("HISTORICAL_DATA_END")));
    assert!((answers.write)(108, &end, 196).is_ok());
}

/// Any message of a direction, and a version.
fn any_message(count: usize) -> impl Strategy<Value = (usize, usize, i32)> {
    (0..2_usize, 0..count, OLDEST..=LAST_TEXT)
}

fn chosen(direction: usize, index: usize) -> (&'static Direction, i32, &'static str) {
    let direction = &DIRECTIONS[direction];
    let (id, call) = direction.all[index % direction.all.len()];
    (direction, id, call)
}

/// Fields as clients and strangers may send them.
fn any_field() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => Just(String::new()),
        8 => (0..8_i32).prop_map(|number| number.to_string()),
        2 => any::<i64>().prop_map(|number| number.to_string()),
        2 => any::<f64>().prop_map(|number| format!("{number:?}")),
        1 => prop::sample::select(vec!["BAG", "PEG BENCH", "FUND", "a", "o", "tag=value;", "Infinite", "2147483647"])
            .prop_map(str::to_owned),
        1 => "[^\\x00]{0,6}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn a_value_that_text_carried_once_is_carried_as_it_is(
        (direction, index, version) in any_message(100),
        variant in 0..VARIANTS,
        seeds in prop::collection::vec((any::<u8>(), any::<i32>(), any::<f64>(), "[ -~é☃]{1,8}"), 40),
    ) {
        let schema = &schemas()[direction][index % DIRECTIONS[direction].all.len()];
        let (direction, id, call) = chosen(direction, index);
        let mut seeds = seeds.iter().cycle();
        let message = build(schema, &mut Vec::new(), &mut |path, kind| {
            let (present, whole, double, text) = seeds.next().expect("endless");
            let value = match kind {
                Kind::Int => Value::Whole(i64::from(*whole)),
                Kind::Long => Value::Whole(i64::from(*whole) * 1_000_003),
                Kind::Double => Value::Double(*double),
                Kind::Flag => Value::Whole(i64::from(whole & 1)),
                Kind::Text => Value::Text(text.clone()),
            };
            special(call, path, variant).or((present % 4 > 0).then_some(value))
        });
        let Ok(text) = (direction.write)(id, &message, version) else { return Ok(()) };
        let once = (direction.read)(id, &text, version).expect("what was written can be read");
        let again = (direction.write)(id, &once, version).expect("what was read can be written");
        let twice = (direction.read)(id, &again, version).expect("what was written can be read");
        prop_assert_eq!(&once, &twice, "{} at {}", call, version);
        prop_assert_eq!((direction.write)(id, &twice, version), Ok(again));
    }

    #[test]
    fn any_fields_give_a_message_or_an_error(
        (direction, index, version) in any_message(100),
        fields in prop::collection::vec(any_field(), 0..200),
    ) {
        let (direction, id, _) = chosen(direction, index);
        let text: String = fields.iter().flat_map(|field| [field.as_str(), "\0"]).collect();
        if let Ok(read) = (direction.read)(id, text.as_bytes(), version) {
            prop_assert!((direction.write)(id, &read, version).is_ok());
        }
    }

    #[test]
    fn any_bytes_give_a_message_or_an_error(
        (direction, index, version) in any_message(100),
        bytes in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let (direction, id, _) = chosen(direction, index);
        drop((direction.read)(id, &bytes, version));
    }
}

#[test]
fn a_count_alone_sets_nothing_aside() {
    let [_, answers] = &DIRECTIONS;
    let bars = |count: &str| (answers.read)(17, format!("1\0{count}\0").as_bytes(), LAST_TEXT);
    assert_eq!(bars("100000"), Err(TextError::Short { field: 3 }));
    assert_eq!(bars("100001"), Err(TextError::Count { field: 2, count: 100_001, most: 100_000 }));
    assert_eq!(bars("-1"), Err(TextError::Count { field: 2, count: -1, most: 100_000 }));
}
