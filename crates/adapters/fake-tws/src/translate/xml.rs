//! As much of XML as the messages have: elements, attributes, text, comments and the five entities.
//!
//! Left out: name spaces, document types, processing instructions other than the one in front.

/// An element within elements within elements, and so on, no deeper than this.
const DEEPEST: usize = 32;

/// One element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// Its name.
    pub name: String,
    /// Its attributes, in their order.
    pub attributes: Vec<(String, String)>,
    /// The text directly in it, without blanks at either end.
    pub text: String,
    /// The elements in it.
    pub children: Vec<Element>,
}

/// A document cannot be read, from this byte on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not well-formed at byte {at}: {reason}")]
pub struct NotXml {
    at: usize,
    reason: &'static str,
}

impl Element {
    /// Reads a document of one element.
    pub fn parse(text: &str) -> Result<Self, NotXml> {
        let mut reader = Reader { text, at: 0 };
        reader.skip_between()?;
        let root = reader.element(0)?;
        reader.skip_between()?;
        if reader.rest().is_empty() { Ok(root) } else { Err(reader.error("something follows the document")) }
    }

    /// The first element in it with this name.
    #[must_use]
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// All elements in it with this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of the first element in it with this name.
    #[must_use]
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.as_str())
    }
}

/// A text as it may stand in a document.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            c => out.push(c),
        }
    }
    out
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn error(&self, reason: &'static str) -> NotXml {
        NotXml { at: self.at, reason }
    }

    fn take(&mut self, expected: &str) -> bool {
        let found = self.rest().starts_with(expected);
        if found {
            self.at += expected.len();
        }
        found
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// Up to and over an end; what stood before it.
    fn until(&mut self, end: &str, reason: &'static str) -> Result<&'a str, NotXml> {
        let rest = self.rest();
        let length = rest.find(end).ok_or_else(|| self.error(reason))?;
        self.at += length + end.len();
        Ok(rest.get(..length).unwrap_or_default())
    }

    /// Blanks, comments and the declaration, outside of the one element.
    fn skip_between(&mut self) -> Result<(), NotXml> {
        loop {
            self.skip_blanks();
            if self.take("<!--") {
                self.until("-->", "a comment does not end")?;
            } else if self.take("<?") {
                self.until("?>", "an instruction does not end")?;
            } else {
                return Ok(());
            }
        }
    }

    fn name(&mut self) -> Result<String, NotXml> {
        let good = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':');
        let rest = self.rest();
        let length = rest.find(|c| !good(c)).unwrap_or(rest.len());
        let name = rest.get(..length).unwrap_or_default();
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '.') {
            return Err(self.error("a name is expected"));
        }
        self.at += length;
        Ok(name.to_owned())
    }

    fn element(&mut self, depth: usize) -> Result<Element, NotXml> {
        if depth > DEEPEST {
            return Err(self.error("elements are too deep in each other"));
        }
        if !self.take("<") {
            return Err(self.error("an element is expected"));
        }
        let mut element = Element { name: self.name()?, ..Element::default() };
        loop {
            self.skip_blanks();
            if self.take("/>") {
                return Ok(element);
            }
            if self.take(">") {
                break;
            }
            let attribute = self.attribute()?;
            element.attributes.push(attribute);
        }
        self.content(&mut element, depth)?;
        element.text = element.text.trim().to_owned();
        Ok(element)
    }

    fn attribute(&mut self) -> Result<(String, String), NotXml> {
        let name = self.name()?;
        self.skip_blanks();
        if !self.take("=") {
            return Err(self.error("an attribute has no value"));
        }
        self.skip_blanks();
        let quote = if self.take("\"") {
            "\""
        } else if self.take("'") {
            "'"
        } else {
            return Err(self.error("a value is not in quotes"));
        };
        let value = self.until(quote, "a value does not end")?;
        Ok((name, self.plain(value)?))
    }

    fn content(&mut self, element: &mut Element, depth: usize) -> Result<(), NotXml> {
        loop {
            let rest = self.rest();
            let length = rest.find('<').ok_or_else(|| self.error("an element does not end"))?;
            let text = self.plain(rest.get(..length).unwrap_or_default())?;
            element.text.push_str(&text);
            self.at += length;
            if self.take("<!--") {
                self.until("-->", "a comment does not end")?;
            } else if self.take("<![CDATA[") {
                let text = self.until("]]>", "a section does not end")?;
                element.text.push_str(text);
            } else if self.take("</") {
                let name = self.name()?;
                self.skip_blanks();
                if name != element.name || !self.take(">") {
                    return Err(self.error("another element ends than has begun"));
                }
                return Ok(());
            } else {
                let child = self.element(depth + 1)?;
                element.children.push(child);
            }
        }
    }

    /// A text with its entities read.
    fn plain(&self, text: &str) -> Result<String, NotXml> {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('&') {
            out.push_str(before);
            let (entity, behind) =
                after.split_once(';').ok_or_else(|| self.error("an entity does not end"))?;
            out.push(match entity {
                "amp" => '&',
                "lt" => '<',
                "gt" => '>',
                "quot" => '"',
                "apos" => '\'',
                _ => numbered(entity).ok_or_else(|| self.error("an entity that is not known"))?,
            });
            rest = behind;
        }
        out.push_str(rest);
        Ok(out)
    }
}

/// The character of `#233` or `#xE9`.
fn numbered(entity: &str) -> Option<char> {
    let number = entity.strip_prefix('#')?;
    let number = match number.strip_prefix('x') {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_document_is_read() {
        let text = "<?xml version=\"1.0\"?>\n<!-- x --><a b='1' c=\"&lt;2&#233;\"> hi <d/><e>&amp;<![CDATA[<z>]]></e></a>\n";
        let root = Element::parse(text).unwrap();
        assert_eq!((root.name.as_str(), root.text.as_str()), ("a", "hi"));
        assert_eq!(root.attributes[1], ("c".to_owned(), "<2é".to_owned()));
        assert_eq!(root.text_of("e"), Some("&<z>"));
        assert_eq!(root.all("d").count(), 1);
    }

    #[test]
    fn what_is_none_is_refused() {
        let deep = "<a>".repeat(100);
        for bad in
            ["", "a", "<a>", "<a></b>", "<a/><b/>", "<a b=1/>", "<a>&x;</a>", "<a>&amp</a>", "<1/>", &deep]
        {
            assert!(Element::parse(bad).is_err(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn every_text_can_stand_in_a_document(text in "[ -~é]{0,40}") {
            let document = format!("<a b=\"{0}\">{0}</a>", escaped(&text));
            let root = Element::parse(&document).unwrap();
            prop_assert_eq!(&root.text, text.trim());
            prop_assert_eq!(&root.attributes[0].1, &text);
        }

        #[test]
        fn whatever_is_sent_is_read_or_refused(text in "[<>/!?a-c\"'= &;#\\[\\]-]{0,60}") {
            if let Ok(root) = Element::parse(&text) {
                prop_assert!(!root.name.is_empty());
            }
        }
    }
}
