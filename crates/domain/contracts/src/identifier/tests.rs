//! Identifiers against published examples, and what a check digit must catch.

use super::*;
use proptest::prelude::*;

/// Published pairs: securities that trade under these numbers.
#[test]
fn published_identifiers_are_accepted() {
    for isin in
        ["US0378331005", "US45841N1072", "GB0002634946", "DE000BAY0017", "AU0000XVGZA3", "US38259P5089"]
    {
        assert_eq!(Isin::new(isin).unwrap().as_str(), isin);
    }
    for cusip in ["037833100", "17275R102", "38259P508", "594918104", "68389X105", "449276AA2"] {
        assert_eq!(Cusip::new(cusip).unwrap().as_str(), cusip);
    }
    for sedol in ["0263494", "B0YBKJ7", "4065663", "B0YBLH2", "2282765", "B0YBKL9", "BH4HKS3", "B000300"] {
        assert_eq!(Sedol::new(sedol).unwrap().as_str(), sedol);
    }
    for figi in ["BBG000B9XRY4", "BBG000BLNQ16", "BBG000BLNNH6", "BBG000B9Y5X2"] {
        assert_eq!(Figi::new(figi).unwrap().as_str(), figi);
    }
}

#[test]
fn each_refusal_says_what_would_be_accepted() {
    let said = |answer: Result<Identifier, NotAnIdentifier>| answer.unwrap_err().to_string();
    let cases = [
        (Scheme::Isin, "US0378331006", "\"US0378331006\" is not a valid ISIN: its check digit should be 5"),
        (
            Scheme::Isin,
            "us0378331005",
            "\"us0378331005\" is not a valid ISIN: expected 2 capital letters, 9 capital letters or digits and a check \
             digit, such as US0378331005",
        ),
        (
            Scheme::Cusip,
            "03783310",
            "\"03783310\" is not a valid CUSIP: expected 8 capital letters, digits, '*', '@' or '#' and a check digit, \
             such as 037833100",
        ),
        (Scheme::Cusip, "037833101", "\"037833101\" is not a valid CUSIP: its check digit should be 0"),
        (
            Scheme::Sedol,
            "A000300",
            "\"A000300\" is not a valid SEDOL: expected 6 digits or capital consonants and a check digit, such as BH4HKS3",
        ),
        (Scheme::Sedol, "0263495", "\"0263495\" is not a valid SEDOL: its check digit should be 4"),
        (Scheme::Figi, "BBG000B9XRY5", "\"BBG000B9XRY5\" is not a valid FIGI: its check digit should be 4"),
        (
            Scheme::Figi,
            "BBG000A9XRY4",
            "\"BBG000A9XRY4\" is not a valid FIGI: expected 2 capital consonants, G, 8 digits or capital consonants and a \
             check digit, such as BBG000B9XRY4",
        ),
        (
            Scheme::Figi,
            "KYG000B9XRY4",
            "\"KYG000B9XRY4\" is not a valid FIGI: it must not begin with KY, which countries use for ISINs",
        ),
        (
            Scheme::Ric,
            "VOD L",
            "\"VOD L\" is not a valid RIC: expected 1 to 32 printable characters without blanks, such as VOD.L",
        ),
    ];
    for (scheme, text, message) in cases {
        assert_eq!(said(scheme.read(text)), message);
    }
    for prefix in Figi::TAKEN {
        assert!(
            matches!(Figi::new(&format!("{prefix}G000B9XRY4")), Err(NotAnIdentifier::Prefix { .. })),
            "{prefix} was let in"
        );
    }
}

#[test]
fn an_american_isin_holds_its_cusip() {
    let isin = Isin::new("US0378331005").unwrap();
    assert_eq!(isin.cusip(), Some(Cusip::new("037833100").unwrap()));
    assert_eq!(Isin::new("GB0002634946").unwrap().cusip(), None);
}

/// A body of the scheme's form and the one digit that proves it.
fn proven(scheme: Scheme, body: &str) -> Vec<String> {
    ('0'..='9').map(|digit| format!("{body}{digit}")).filter(|text| scheme.read(text).is_ok()).collect()
}

proptest! {
    #[test]
    fn exactly_one_digit_proves_a_body(
        isin in "[A-Z]{2}[A-Z0-9]{9}", cusip in "[A-Z0-9*@#]{8}", sedol in "[0-9B-DF-HJ-NP-TV-Z]{6}",
        figi in "[QRTXZ][B-DF-HJ-NP-TV-Z]G[0-9B-DF-HJ-NP-TV-Z]{8}",
    ) {
        for (scheme, body) in
            [(Scheme::Isin, isin), (Scheme::Cusip, cusip), (Scheme::Sedol, sedol), (Scheme::Figi, figi)]
        {
            let found = proven(scheme, &body);
            prop_assert_eq!(found.len(), 1, "{} {}: {:?}", scheme, body, &found);
            let identifier = scheme.read(&found[0]).unwrap();
            prop_assert_eq!(identifier.as_str(), &found[0]);
        }
    }

    #[test]
    fn one_mistyped_digit_of_an_isin_is_caught(body in "[A-Z]{2}[0-9]{9}", at in 2_usize..12, by in 1_u8..10) {
        let good = proven(Scheme::Isin, &body).remove(0);
        let mut bad = good.clone().into_bytes();
        bad[at] = b'0' + (bad[at] - b'0' + by) % 10;
        prop_assert!(Isin::new(std::str::from_utf8(&bad).unwrap()).is_err());
    }

    #[test]
    fn nothing_panics(text in ".{0,20}") {
        for scheme in Scheme::ALL {
            let answer = scheme.read(&text);
            prop_assert!(answer.is_err() || answer.unwrap().as_str() == text);
        }
    }
}
