//! Texts inside the notation: what would end them is written as `%` and two hexadecimal digits.

const RESERVED: &[u8] = b"%@/;=#*|";

/// The text without characters that mean something in the notation. It must be ASCII.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match u8::try_from(c) {
            Ok(byte) if RESERVED.contains(&byte) => escaped.push_str(&format!("%{byte:02X}")),
            _ => escaped.push(c),
        }
    }
    escaped
}

/// The text as it was; `None` if it holds a reserved character or a broken escape.
pub(super) fn unescape(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| u8::try_from(c).is_ok_and(|byte| RESERVED.contains(&byte))) {
        let code = rest[at..].strip_prefix('%')?.get(..2)?;
        let is_hex = code.bytes().all(|c| matches!(c, b'0'..=b'9' | b'A'..=b'F'));
        let byte = u8::from_str_radix(code, 16).ok().filter(|byte| is_hex && RESERVED.contains(byte))?;
        plain.push_str(&rest[..at]);
        plain.push(char::from(byte));
        rest = &rest[at + 3..];
    }
    plain.push_str(rest);
    Some(plain)
}
