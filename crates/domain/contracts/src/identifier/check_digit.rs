//! The arithmetic of check digits. Characters count 0 to 9 and A to Z as 10 to 35.

/// What a character counts; CUSIP's three signs follow the letters.
fn value(c: u8) -> u32 {
    match c {
        b'0'..=b'9' => u32::from(c - b'0'),
        b'A'..=b'Z' => u32::from(c - b'A') + 10,
        b'*' => 36,
        b'@' => 37,
        _ => 38,
    }
}

/// What is missing to the next ten.
fn complement(sum: u32) -> u8 {
    u8::try_from((10 - sum % 10) % 10).expect("a remainder of ten is one digit")
}

const fn digit_sum(number: u32) -> u32 {
    number / 10 + number % 10
}

/// Luhn's sum over the digits that characters count, two for each letter: ISO 6166. From the right, every other digit
/// is doubled, the last one first.
pub(super) fn luhn_of_letters(body: &[u8]) -> u8 {
    let digits = body.iter().rev().flat_map(|c| {
        let value = value(*c);
        let tens = (value >= 10).then_some(value / 10);
        std::iter::once(value % 10).chain(tens)
    });
    complement(digits.enumerate().map(|(at, n)| if at % 2 == 0 { digit_sum(n * 2) } else { n }).sum())
}

/// Every second character's value is doubled, the second from the left first, and all digits are added: ANSI X9.6 for
/// a CUSIP's eight characters, and the same for a FIGI's eleven, where that is every second from the right as well.
pub(super) fn double_add_double(body: &[u8]) -> u8 {
    let weighted = body.iter().enumerate().map(|(at, c)| if at % 2 == 0 { value(*c) } else { value(*c) * 2 });
    complement(weighted.map(digit_sum).sum())
}

/// Each character's value times its weight.
pub(super) fn weighted(body: &[u8], weights: &[u32]) -> u8 {
    complement(body.iter().zip(weights).map(|(c, weight)| value(*c) * weight).sum())
}
