//! Other names of order kinds.
//!
//! An order may be sent under several names of its type, and descriptions of contracts spell types without blanks. Both are
//! read here; what is sent has the one name that the broker documents first. Times in force at the opening (`OPG`) are no
//! names of kinds, and left to whoever reads them.

/// Names without blanks and underscores, and the name that is sent. Names that differ from the one that is sent by
/// nothing else are among them.
const NAMES: &[(&str, &str)] = &[
    ("BOXTOP", "BOX TOP"),
    ("FIXPEGGED", "FIX PEGGED"),
    ("LIMIT", "LMT"),
    ("LMT+MKT", "LMT + MKT"),
    ("LMTCLS", "LOC"),
    ("MARKET", "MKT"),
    ("MIDPX", "MIDPRICE"),
    ("MKTCLS", "MOC"),
    ("MKTPROT", "MKT PRT"),
    ("MKTPRT", "MKT PRT"),
    ("MKTTOLMT", "MTL"),
    ("PASSVREL", "PASSV REL"),
    ("PEGBENCH", "PEG BENCH"),
    ("PEGBEST", "PEG BEST"),
    ("PEGMID", "PEG MID"),
    ("PEGMIDVOL", "PDV"),
    ("PEGMKT", "PEG MKT"),
    ("PEGMKTVOL", "PMV"),
    ("PEGPRI", "PEG PRIM"),
    ("PEGPRIM", "PEG PRIM"),
    ("PEGPRIMVOL", "PPV"),
    ("PEGPRMVOL", "PPV"),
    ("PEGSRFVOL", "PSV"),
    ("PEGSTK", "PEG STK"),
    ("PEGSURFVOL", "PSV"),
    ("PSVR", "PASSV REL"),
    ("REL+LMT", "REL + LMT"),
    ("REL+MKT", "REL + MKT"),
    ("RELATIVE", "REL"),
    ("RELSTK", "PEG STK"),
    ("SNAPMID", "SNAP MID"),
    ("SNAPMKT", "SNAP MKT"),
    ("SNAPPRIM", "SNAP PRIM"),
    ("SNAPREL", "SNAP PRIM"),
    ("STOP", "STP"),
    ("STOPLIMIT", "STP LMT"),
    ("STOPLMT", "STP LMT"),
    ("STOPPROTECT", "STP PRT"),
    ("STPLMT", "STP LMT"),
    ("STPPROT", "STP PRT"),
    ("STPPRT", "STP PRT"),
    ("TRAILINGSTOP", "TRAIL"),
    ("TRAILLIMIT", "TRAIL LIMIT"),
    ("TRAILLIT", "TRAIL LIT"),
    ("TRAILLMT", "TRAIL LIMIT"),
    ("TRAILLMT+MKT", "TRAIL LMT + MKT"),
    ("TRAILMIT", "TRAIL MIT"),
    ("TRAILREL+MKT", "TRAIL REL + MKT"),
    ("VOLAT", "VOL"),
    ("VOLATILITY", "VOL"),
];

/// The name that is sent for a kind that somebody named `word`; the word itself where it names no kind otherwise spelled.
pub(super) fn sent_name(word: &str) -> &str {
    let squeezed = || word.bytes().filter(|sign| !matches!(sign, b' ' | b'_'));
    let found = NAMES.iter().find(|(name, _)| squeezed().eq(name.bytes()));
    found.map_or(word, |(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_leads_to_an_end() {
        assert!(NAMES.is_sorted_by(|(one, _), (other, _)| one < other));
        for (name, sent) in NAMES {
            assert!(!name.contains([' ', '_']), "{name}");
            assert_eq!(sent_name(sent), *sent, "{name} leads to {sent}, which leads on");
        }
    }

    #[test]
    fn blanks_do_not_count_and_unknown_words_stay() {
        assert_eq!(sent_name("PEG SURF VOL"), "PSV");
        assert_eq!(sent_name("BOX_TOP"), "BOX TOP");
        assert_eq!(sent_name("STP LMT"), "STP LMT");
        for word in ["", "REL2MID", "stplmt", "OPG", "NEW KIND"] {
            assert_eq!(sent_name(word), word);
        }
    }
}
