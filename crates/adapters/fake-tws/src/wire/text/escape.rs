//! The escapes in which some answers are written, so that official clients in Python read what was meant: ASCII only,
//! everything else as `\uXXXX` in units of UTF-16, and a backslash as two.

use std::io::Write as _;

/// Appends `text` with its escapes, without zero bytes.
pub(super) fn put(text: &str, out: &mut Vec<u8>) {
    // Most texts have nothing to escape: they go in one piece.
    if text.bytes().all(|byte| byte.is_ascii() && !matches!(byte, 0 | b'\\')) {
        return out.extend_from_slice(text.as_bytes());
    }
    for unit in text.chars() {
        match unit {
            '\0' => {}
            '\\' => out.extend_from_slice(b"\\\\"),
            _ if unit.is_ascii() => out.extend(u8::try_from(unit)),
            _ => {
                let mut units = [0; 2];
                for half in unit.encode_utf16(&mut units) {
                    // A vector takes everything.
                    write!(out, "\\u{half:04x}").unwrap_or_default();
                }
            }
        }
    }
}

/// Reads escapes back. What is none stands for itself.
pub(super) fn read(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut units = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((plain, escape)) = rest.split_once('\\') {
        units.extend(plain.encode_utf16());
        let (unit, behind) = one(escape);
        units.push(unit);
        rest = behind;
    }
    units.extend(rest.encode_utf16());
    String::from_utf16_lossy(&units)
}

/// The unit that an escape means, and what stands behind it.
fn one(escape: &str) -> (u16, &str) {
    const BACKSLASH: u16 = 0x5c;
    if let Some(behind) = escape.strip_prefix('\\') {
        return (BACKSLASH, behind);
    }
    let digits = escape.strip_prefix('u').and_then(|it| it.get(..4).zip(it.get(4..)));
    digits
        .and_then(|(hex, behind)| u16::from_str_radix(hex, 16).ok().map(|unit| (unit, behind)))
        .unwrap_or((BACKSLASH, escape))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_escaped_is_ascii_and_reads_back(text in "\\PC*") {
            let mut out = Vec::new();
            put(&text, &mut out);
            prop_assert!(out.is_ascii());
            prop_assert_eq!(read(std::str::from_utf8(&out).expect("ASCII")), text);
        }

        #[test]
        fn anything_reads_as_something(text in any::<String>()) {
            read(&text);
        }
    }

    #[test]
    fn a_backslash_is_two_and_an_accent_is_six() {
        let mut out = Vec::new();
        put("C:\\new é", &mut out);
        assert_eq!(out, b"C:\\\\new \\u00e9");
    }
}
