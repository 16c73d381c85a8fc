//! What the broker's list of order types means.
//!
//! The list of a contract mixes order types, times in force, attributes and switches of the broker's own programs. It
//! is kept whole and in its order. A word that names a kind of order, or a part of one, becomes that kind's name; every
//! other word stays as it is, known here or not: a new word of the broker's is no error.

use crate::translate::kind_names::sent_name;

/// The time in force that stands for both orders at the opening.
const AT_OPENING: &str = "OPG";
/// The two kinds of orders at the opening, each with the type that it is sent with.
const OPENING_KINDS: [(&str, &str); 2] = [("MKT", "MOO"), ("LMT", "LOO")];

/// The words of a list, in its order and none lost; empty words and repetitions left out. Where `OPG` is on the list, the
/// kinds at the opening follow it, each if the type that it is sent with is on the list too.
pub(super) fn order_words(list: &[String]) -> Vec<String> {
    let mut words: Vec<String> = Vec::with_capacity(list.len());
    let mut say = |word: &str| {
        if !word.is_empty() && !words.iter().any(|said| said == word) {
            words.push(word.to_owned());
        }
    };
    for word in list.iter().map(|word| word.trim()) {
        say(sent_name(word));
        if word == AT_OPENING {
            let sent = |kind: &str| list.iter().any(|given| given.trim() == kind);
            OPENING_KINDS.iter().filter(|(kind, _)| sent(kind)).for_each(|(_, name)| say(name));
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kinds_at_the_opening_follow_from_the_time_in_force() {
        let words =
            |list: &[&str]| order_words(&list.iter().map(|&word| word.to_owned()).collect::<Vec<_>>());
        assert_eq!(words(&["LMT", "OPG", "MKT"]), ["LMT", "OPG", "MOO", "LOO", "MKT"]);
        assert_eq!(words(&["LMT", "OPG"]), ["LMT", "OPG", "LOO"]);
        assert_eq!(words(&["OPG"]), ["OPG"]);
        assert_eq!(words(&["MKT", "LMT"]), ["MKT", "LMT"]);
    }
}
