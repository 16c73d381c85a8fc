//! Named values on one line, for people and programs alike: `side=buy size=10 reason="no such route"`.
//!
//! A name may come more than once; the order stays. What reads what was written gets the same values back.

use std::fmt::{self, Write};
use std::str::FromStr;

/// Names with their values, in order.
///
/// ```
/// use tradeport_trading::audit::Facts;
///
/// let facts = Facts::default().with("side", "buy").with("reason", "no \"such\" route");
/// assert_eq!(facts.to_string(), r#"side=buy reason="no \"such\" route""#);
/// assert_eq!(facts.to_string().parse(), Ok(facts));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts(Vec<(String, String)>);

/// The text is no line of facts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a line of facts: {0}")]
pub struct NotFacts(&'static str);

impl Facts {
    /// The same, and one more. Names are words of letters, digits, `_` and `.`; other characters become `_`.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.add(name, value);
        self
    }

    /// The same, and one more if there is one.
    #[must_use]
    pub fn with_some(self, name: &str, value: Option<impl fmt::Display>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Adds one.
    pub fn add(&mut self, name: &str, value: impl fmt::Display) {
        let name = if name.is_empty() { "_" } else { name };
        let name = name.chars().map(|letter| if of_name(letter) { letter } else { '_' }).collect();
        self.0.push((name, value.to_string()));
    }

    /// The first value of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

const fn of_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.')
}

const fn is_plain(letter: char) -> bool {
    of_name(letter) || matches!(letter, ':' | '+' | '-' | '/' | '@' | '#' | ',')
}

impl fmt::Display for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = self.iter().fold(FactLine::default(), |line, (name, value)| line.with(name, value));
        f.write_str(&line.0)
    }
}

/// The line itself, for whoever only writes it: no value is kept by itself.
///
/// ```
/// use tradeport_trading::audit::{FactLine, Facts};
///
/// let line = FactLine::default().with("side", "buy").with("reason", "no such route").into_line();
/// assert_eq!(line, Facts::default().with("side", "buy").with("reason", "no such route").to_string());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FactLine(String);

impl FactLine {
    /// The same, and one more; names as [`Facts::with`] takes them.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl fmt::Display) -> Self {
        if !self.0.is_empty() {
            self.0.push(' ');
        }
        if name.is_empty() {
            self.0.push('_');
        }
        // Nearly every name and value is plain, which bytes tell sooner than letters.
        if name.bytes().all(|byte| of_name(byte.into())) {
            self.0.push_str(name);
        } else {
            self.0.extend(name.chars().map(|letter| if of_name(letter) { letter } else { '_' }));
        }
        self.0.push('=');
        let value_at = self.0.len();
        if write!(self.0, "{value}").is_err() {
            // The value itself would not be written: what it did write stands.
            tracing::error!(name, "a fact that cannot be written");
        }
        let value = &self.0[value_at..];
        if value.is_empty() || !value.bytes().all(|byte| is_plain(byte.into())) {
            let quoted = quoted(value);
            self.0.replace_range(value_at.., &quoted);
        }
        self
    }

    /// The same, and one more if there is one.
    #[must_use]
    pub fn with_some(self, name: &str, value: Option<impl fmt::Display>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// As names and values again; none of a line that is not read, so that it differs in every word from any other.
    #[must_use]
    pub fn into_facts(self) -> Facts {
        self.0.parse().unwrap_or_default()
    }

    /// As text.
    #[must_use]
    pub fn into_line(self) -> String {
        self.0
    }
}

fn quoted(value: &str) -> String {
    let mut quoted = String::with_capacity(value.len() + 2);
    quoted.push('"');
    for letter in value.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

impl FromStr for Facts {
    type Err = NotFacts;
    fn from_str(text: &str) -> Result<Self, NotFacts> {
        let mut facts = Self::default();
        let mut rest = text;
        while !rest.is_empty() {
            let (name, after) = rest.split_once('=').ok_or(NotFacts("a name without a value"))?;
            if name.is_empty() || !name.chars().all(of_name) {
                return Err(NotFacts("a name that is none"));
            }
            let (value, after) = match after.strip_prefix('"') {
                Some(inside) => unquoted(inside)?,
                None => plain(after)?,
            };
            facts.0.push((name.to_owned(), value));
            rest = match after.strip_prefix(' ') {
                Some("") => return Err(NotFacts("a space at its end")),
                Some(more) => more,
                None if after.is_empty() => "",
                None => return Err(NotFacts("no space between two values")),
            };
        }
        Ok(facts)
    }
}

fn plain(text: &str) -> Result<(String, &str), NotFacts> {
    let end = text.find(|letter| !is_plain(letter)).unwrap_or(text.len());
    if end == 0 {
        return Err(NotFacts("a name without a value"));
    }
    Ok((text[..end].to_owned(), &text[end..]))
}

/// What stands up to the closing mark, and what follows it.
fn unquoted(text: &str) -> Result<(String, &str), NotFacts> {
    let mut value = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Ok((value, &text[at + 1..])),
            '\\' => value.push(match letters.next() {
                Some((_, 'n')) => '\n',
                Some((_, 'r')) => '\r',
                Some((_, 't')) => '\t',
                Some((_, mark @ ('"' | '\\'))) => mark,
                _ => return Err(NotFacts("an unknown escape")),
            }),
            other => value.push(other),
        }
    }
    Err(NotFacts("a value without its closing mark"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_read_is_what_was_written(values in prop::collection::vec(("[a-z_.0-9]{1,8}", any::<String>()), 0..8)) {
            let facts = values.iter().fold(Facts::default(), |facts, (name, value)| facts.with(name, value));
            prop_assert_eq!(facts.to_string().parse::<Facts>(), Ok(facts));
        }

        #[test]
        fn a_line_that_is_only_written_is_that_of_the_facts(
            values in prop::collection::vec((any::<String>(), any::<String>()), 0..8)
        ) {
            let line = values.iter().fold(FactLine::default(), |line, (name, value)| line.with(name, value));
            let facts = values.iter().fold(Facts::default(), |facts, (name, value)| facts.with(name, value));
            prop_assert_eq!(line.into_line().parse(), Ok(facts));
        }

        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            if let Ok(facts) = text.parse::<Facts>() {
                prop_assert_eq!(facts.to_string().parse::<Facts>(), Ok(facts));
            }
        }
    }

    #[test]
    fn signs_that_end_a_line_or_a_value_are_read_as_they_were_written() {
        let line = FactLine::default().with("a", "\r\n\t\"\\ =").into_line();
        assert_eq!(line, r#"a="\r\n\t\"\\ =""#);
        assert_eq!(line.parse(), Ok(Facts::default().with("a", "\r\n\t\"\\ =")));
    }

    #[test]
    fn what_is_no_line_of_facts_is_refused() {
        for bad in ["a", "=b", "a=", "a=\"b", "a=b  c=d", "a=b c", "a b=c", "a=\"\\x\"", "a=b ", "a=\"b\"c=d"]
        {
            assert!(bad.parse::<Facts>().is_err(), "{bad}");
        }
        assert_eq!("".parse::<Facts>(), Ok(Facts::default()));
    }

    #[test]
    fn names_are_words_and_what_is_not_there_is_not_written() {
        let (some, none) = (Some("b c"), None::<&str>);
        let facts =
            Facts::default().with("", "a").with("two words", "").with_some("x", some).with_some("y", none);
        assert_eq!(facts.to_string(), r#"_=a two_words="" x="b c""#);
        let line =
            FactLine::default().with("", "a").with("two words", "").with_some("x", some).with_some("y", none);
        assert_eq!((line.clone().into_facts(), line.into_line()), (facts.clone(), facts.to_string()));
        assert_eq!((facts.get("x"), facts.get("y")), (some, none));
    }

    /// A value that writes some of itself and fails.
    struct Torn;

    impl fmt::Display for Torn {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("to be con")?;
            Err(fmt::Error)
        }
    }

    #[test]
    fn what_a_value_wrote_of_itself_stands() {
        assert_eq!(FactLine::default().with("a", Torn).into_line(), r#"a="to be con""#);
    }
}
