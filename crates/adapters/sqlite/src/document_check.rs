//! Does a kept document say what is read of it, and nothing else?
//!
//! Reading is lenient: a field that nobody knows is passed over, and one that is missing is taken for nothing, so that a
//! later program reads what an earlier one kept. A byte that a disk has changed in a field's name goes unseen by that.

use crate::error::unreadable;
use crate::order_journal::{rows_after, to_record};
use diesel::SqliteConnection;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tradeport_kernel::StoreError;
use tradeport_trading::audit::Difference;

/// Records in memory at once.
const PAGE: i64 = 1_000;

/// Every record of the journal that says something which is not read.
pub(crate) fn unread_records(connection: &mut SqliteConnection) -> Result<Vec<Difference>, StoreError> {
    let (mut all, mut after) = (Vec::new(), 0);
    loop {
        let rows = rows_after(connection, after, PAGE)?;
        let Some((last, ..)) = rows.last() else { return Ok(all) };
        after = *last;
        for row in &rows {
            let record = to_record(row)?;
            let (sequence, _, _, payload) = row;
            all.extend(unread(&format!("journal record {sequence}"), payload, &record.entry.event)?);
        }
    }
}

/// What of a document was not read, or not as it stands there, if anything.
fn unread<T: Serialize + DeserializeOwned + PartialEq>(
    subject: &str,
    document: &str,
    read: &T,
) -> Result<Option<Difference>, StoreError> {
    if serde_json::to_string(read).map_err(unreadable)? == document {
        return Ok(None);
    }
    let kept: Value = serde_json::from_str(document).map_err(unreadable)?;
    let again = serde_json::to_value(read).map_err(unreadable)?;
    let mut odd = Vec::new();
    collect_odd(&kept, &again, &mut String::new(), &mut odd);
    let odd = odd.into_iter().find(|odd| !odd.has_another_name(&kept, read));
    Ok(odd.map(|odd| Difference {
        subject: format!("{subject}, {}", odd.place),
        what: "value",
        log: odd.read.map_or_else(|| "nothing".to_owned(), |value| value.to_string()),
        other: odd.kept.to_string(),
    }))
}

/// A part of a document that is not what was read of it.
struct Odd<'v> {
    /// Where, as a JSON pointer.
    place: String,
    kept: &'v Value,
    read: Option<&'v Value>,
}

impl Odd<'_> {
    /// An earlier program called it otherwise: without it, something else would be read.
    fn has_another_name<T: DeserializeOwned + PartialEq>(&self, whole: &Value, read: &T) -> bool {
        let mut without = whole.clone();
        let (parent, name) = self.place.rsplit_once('/').unwrap_or_default();
        let fields = without.pointer_mut(parent).and_then(Value::as_object_mut);
        if self.read.is_some() || fields.and_then(|fields| fields.remove(name)).is_none() {
            return false;
        }
        serde_json::from_value::<T>(without).map_or(true, |other| other != *read)
    }
}

fn collect_odd<'v>(kept: &'v Value, read: &'v Value, place: &mut String, odd: &mut Vec<Odd<'v>>) {
    let length = place.len();
    match (kept, read) {
        (Value::Object(kept), Value::Object(read)) => {
            for (name, kept) in kept {
                place.push('/');
                place.push_str(&name.replace('~', "~0").replace('/', "~1"));
                match read.get(name) {
                    Some(read) => collect_odd(kept, read, place, odd),
                    None => odd.push(Odd { place: place.clone(), kept, read: None }),
                }
                place.truncate(length);
            }
        }
        (Value::Array(kept), Value::Array(read)) if kept.len() == read.len() => {
            for (index, (kept, read)) in kept.iter().zip(read).enumerate() {
                place.push_str(&format!("/{index}"));
                collect_odd(kept, read, place, odd);
                place.truncate(length);
            }
        }
        (kept, read) if kept == read => {}
        (kept, read) => odd.push(Odd { place: place.clone(), kept, read: Some(read) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Kept {
        #[serde(alias = "quantity")]
        size: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        parts: Vec<Part>,
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Part {
        price: Option<u64>,
    }

    fn odd(document: &str) -> Option<String> {
        let read: Kept = serde_json::from_str(document).unwrap();
        unread("it", document, &read).unwrap().map(|difference| difference.to_string())
    }

    #[test]
    fn a_document_of_today_or_of_an_earlier_program_is_as_it_was_kept() {
        for document in [
            r#"{"size":"1","parts":[{"price":1},{"price":null}]}"#,
            r#"{"size":"1","reason":"late","parts":[]}"#,
            // By an earlier name, in another order, and without what came later.
            r#"{"parts":[{}],"quantity":"1"}"#,
        ] {
            assert_eq!(odd(document), None, "{document}");
        }
    }

    #[test]
    fn what_is_passed_over_or_read_otherwise_is_told_with_its_place() {
        for (document, place) in [
            (r#"{"size":"1","reasnn":"late","parts":[]}"#, "it, /reasnn"),
            (r#"{"size":"1","reasnn":null,"parts":[]}"#, "it, /reasnn"),
            (r#"{"size":"1","parts":[{"price":1},{"prize":null}]}"#, "it, /parts/1/prize"),
            (r#"{"size":"1","a/b":{},"parts":[]}"#, "it, /a~1b"),
        ] {
            assert!(odd(document).unwrap().starts_with(place), "{document}: {:?}", odd(document));
        }
    }
}
