//! One element with its attributes, and the values that they can be.

use quick_xml::escape::{resolve_xml_entity, unescape_with};
use quick_xml::events::BytesStart;
use std::borrow::Cow;
use std::collections::BTreeMap;
use time::{Date, Month};
use tradeport_kernel::Decimal;

/// IB writes a hundred or two.
const MAX_ATTRIBUTES: usize = 1_000;
/// So much of a value is shown when it makes no sense.
const SHOWN: usize = 80;

/// An element.
pub(super) struct Element<'a> {
    name: &'a str,
    attributes: BTreeMap<&'a str, Cow<'a, str>>,
}

impl<'a> Element<'a> {
    pub(super) fn read(tag: &'a BytesStart<'_>) -> Result<Self, String> {
        let mut attributes = BTreeMap::new();
        // That names are told apart is seen to below: looking through all of them each time takes for ever.
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| format!("this is no attribute: {error}"))?;
            let name = attribute.key.into_inner();
            let value = resolved(attribute.value)?;
            if attributes.len() >= MAX_ATTRIBUTES {
                return Err(format!("an element has at most {MAX_ATTRIBUTES} attributes"));
            }
            if attributes.insert(name, value).is_some() {
                return Err(format!("the attribute {:?} is there twice", shown(name)));
            }
        }
        Ok(Self { name: tag.name().into_inner(), attributes })
    }

    pub(super) const fn name(&self) -> &str {
        self.name
    }

    /// A value; one that is empty is none.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    /// A value that must be there.
    pub(super) fn need(&self, name: &str) -> Result<&str, String> {
        self.get(name).ok_or_else(|| {
            format!("{} has no {name}: add that field to its section in the Flex query", shown(self.name))
        })
    }

    pub(super) fn number(&self, name: &str) -> Result<Option<Decimal>, String> {
        self.get(name).map(|text| number(name, text)).transpose()
    }

    pub(super) fn count(&self, name: &str) -> Result<Option<usize>, String> {
        let no_count = |text: &str| format!("{name} is {:?}, and not a number of statements", shown(text));
        self.get(name).map(|text| text.parse().map_err(|_| no_count(text))).transpose()
    }

    /// A day as IB writes it: `20260105` or `2026-01-05`.
    pub(super) fn day(&self, name: &str) -> Result<Date, String> {
        let text = self.need(name)?;
        day(text).ok_or_else(|| {
            format!(
                "{name} is {:?}, and not a day such as 20260105: choose the date format yyyyMMdd",
                shown(text)
            )
        })
    }
}

/// Only what XML itself knows is resolved: `&amp;` and its like, and numbers of characters.
fn resolved(value: Cow<'_, str>) -> Result<Cow<'_, str>, String> {
    let refused = |error| format!("an entity is not known, and none is resolved: {error}");
    match value {
        Cow::Borrowed(text) => unescape_with(text, resolve_xml_entity).map_err(refused),
        Cow::Owned(text) => {
            unescape_with(&text, resolve_xml_entity).map(|it| Cow::Owned(it.into_owned())).map_err(refused)
        }
    }
}

pub(super) fn number(name: &str, text: &str) -> Result<Decimal, String> {
    let plain = Decimal::from_str_exact(text).ok();
    let number = plain.or_else(|| Decimal::from_scientific(text).ok().filter(|_| text.len() < 40));
    number.ok_or_else(|| format!("{name} is {:?}, and not a number such as -12.5", shown(text)))
}

fn day(text: &str) -> Option<Date> {
    let digits: String = match text.len() {
        8 => text.to_owned(),
        10 => text.split('-').collect(),
        _ => return None,
    };
    if digits.len() != 8 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (year, month, day) = (digits.get(..4)?, digits.get(4..6)?, digits.get(6..)?);
    let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
    Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()
}

pub(super) fn shown(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}
