//! What several layouts are made of: tables of fields, parts that may be missing, lists of tags.

use super::cursor::{Cursor, TextError};
use crate::wire::proto::TagValue;

/// So many entries of a list are read; more is not what a client or a server sends.
pub(super) const MOST: usize = 100_000;

/// Fields of one message, each with how it is laid out.
macro_rules! lay {
    ($cursor:ident, $message:ident: $($how:ident $field:ident),* $(,)?) => {
        $($cursor.$how(&mut $message.$field)?;)*
    };
}
pub(super) use lay;

/// Messages that are the same in every version: a version of their own, if they have one, and their fields.
macro_rules! layouts {
    ($($message:ident $(v $own_version:literal)? { $($how:ident $field:ident),* $(,)? })*) => {
        $(impl Layout for $message {
            fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
                $(cursor.fixed($own_version)?;)?
                $(cursor.$how(&mut self.$field)?;)*
                Ok(())
            }
        })*
    };
}
pub(super) use layouts;

/// A part that is missing when none of its fields is set.
pub(super) fn part<T: Default + PartialEq>(
    slot: &mut Option<T>,
    lay: impl FnOnce(&mut T) -> Result<(), TextError>,
) -> Result<(), TextError> {
    let mut inner = slot.take().unwrap_or_default();
    lay(&mut inner)?;
    *slot = (inner != T::default()).then_some(inner);
    Ok(())
}

/// An entry of a list that is one field of text.
pub(super) fn word<C: Cursor>(cursor: &mut C, entry: &mut String) -> Result<(), TextError> {
    let mut field = Some(std::mem::take(entry));
    cursor.text(&mut field)?;
    *entry = field.unwrap_or_default();
    Ok(())
}

/// An entry of a list that is one number.
pub(super) fn number<C: Cursor>(cursor: &mut C, entry: &mut f64) -> Result<(), TextError> {
    let mut field = Some(*entry);
    cursor.double_or_zero(&mut field)?;
    *entry = field.unwrap_or_default();
    Ok(())
}

/// Tags and values as a count and pairs.
pub(super) fn pairs<C: Cursor>(cursor: &mut C, tags: &mut Vec<TagValue>) -> Result<(), TextError> {
    cursor.list(tags, MOST, |cursor, tag| {
        lay!(cursor, tag: text key, text value);
        Ok(())
    })
}

/// Tags and values as one field, `tag=value;` each. What has no `=` is no tag.
pub(super) fn tags<C: Cursor>(cursor: &mut C, tags: &mut Vec<TagValue>) -> Result<(), TextError> {
    let mut field = (!tags.is_empty()).then(|| joined(tags));
    cursor.text(&mut field)?;
    if cursor.reads() {
        *tags = field.as_deref().unwrap_or_default().split(';').filter_map(tag).collect();
    }
    Ok(())
}

/// Tags and values behind an option count that some clients send and some do not.
pub(super) fn counted_tags<C: Cursor>(cursor: &mut C, list: &mut Vec<TagValue>) -> Result<(), TextError> {
    tags(cursor, list)?;
    if cursor.has_more() { tags(cursor, list) } else { Ok(()) }
}

fn joined(tags: &[TagValue]) -> String {
    let mut text = String::new();
    for tag in tags {
        let value = tag.value.as_deref().unwrap_or_default();
        for piece in [tag.key.as_deref().unwrap_or_default(), "=", value, ";"] {
            text.push_str(piece);
        }
    }
    text
}

fn tag(text: &str) -> Option<TagValue> {
    let (key, value) = text.split_once('=')?;
    let set = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Some(TagValue { key: set(key), value: set(value) })
}
