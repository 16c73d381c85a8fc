//! Compares long lists, and says where they differ instead of printing both.

use std::fmt::Debug;

/// Fails unless both lists are equal: names the first difference and both lengths.
#[track_caller]
pub(crate) fn assert_same<T: PartialEq + Debug>(found: &[T], wanted: &[T], what: &str) {
    let different = found.iter().zip(wanted).position(|(found, wanted)| found != wanted);
    let at = different.unwrap_or(found.len().min(wanted.len()));
    assert!(
        found == wanted,
        "{what}: {} found, {} wanted; the first that differs is number {at}\n  found: {:?}\n wanted: {:?}",
        found.len(),
        wanted.len(),
        found.get(at),
        wanted.get(at),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::catch_unwind;

    #[test]
    fn the_first_difference_is_named() {
        assert_same(&[1, 2], &[1, 2], "numbers");
        let panic = catch_unwind(|| assert_same(&[1, 3], &[1, 2, 4], "numbers")).unwrap_err();
        let text = panic.downcast_ref::<String>().unwrap();
        assert!(text.starts_with("numbers: 2 found, 3 wanted; the first that differs is number 1"), "{text}");
        assert!(catch_unwind(|| assert_same(&[1], &[1, 2], "numbers")).is_err());
        assert!(catch_unwind(|| assert_same(&[1], &[], "numbers")).is_err());
    }
}
