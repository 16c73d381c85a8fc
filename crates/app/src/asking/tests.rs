//! What is asked of a service, and what comes back.

use super::*;

fn wish(key: &str, at: i64) -> Wish {
    let want = Want::Cancel(Which::One(key.parse().unwrap()));
    Wish { at: Timestamp::from_nanos(at), by: "ada".to_owned(), want }
}

#[test]
fn a_wish_is_taken_once_and_answered_once() {
    let folder = tempfile::tempdir().unwrap();
    assert!(take(folder.path()).is_empty(), "nobody ever asked");
    let later = Way::ask(folder.path(), &wish("b", 0x20)).unwrap();
    let way = Way::ask(folder.path(), &wish("a", 0x10)).unwrap();
    assert!(way.answer().unwrap().is_none());
    let mut taken = take(folder.path()).into_iter();
    let (first, second) = (taken.next().unwrap(), taken.next().unwrap());
    assert_eq!((&first.wish, &second.wish), (&wish("a", 0x10), &wish("b", 0x20)));
    assert!(take(folder.path()).is_empty());
    assert!(!way.take_back(), "it is under way");
    let done = vec![Asked { key: "a".parse().unwrap(), error: None, family: Vec::new(), is_awake: false }];
    first.answer(&Ok(Done::Cancelled(done))).unwrap();
    let cause = anyhow::Error::from(Fault::new(Exit::OutcomeUnknown, "lost", "look")).context("b");
    second.answer(&Err(Told::from(&cause))).unwrap();
    assert!(!way.is_lost());
    let Done::Cancelled(done) = way.answer().unwrap().unwrap().unwrap() else { panic!("cancels") };
    assert!(done[0].error.is_none() && way.is_lost());
    assert!(way.answer().unwrap().is_none(), "told once");
    let report = Report::of(&later.answer().unwrap().unwrap().unwrap_err().into());
    assert_eq!((report.message.as_str(), report.advice.as_str(), report.exit_code), ("b", "look", 4));
    assert_eq!(report.causes, ["lost"]);
    assert_eq!(fs::read_dir(folder.path().join(FOLDER)).unwrap().count(), 0, "nothing is left");
}

#[test]
fn a_folder_that_takes_no_wishes_is_named_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(FOLDER), "mine").unwrap();
    let report = Report::of(&Way::ask(folder.path(), &wish("a", 1)).unwrap_err());
    assert!(report.message.contains("the service cannot be asked through "), "{report:?}");
    assert!(report.advice.contains("a folder in which you may write"), "{report:?}");
}

#[test]
fn what_is_taken_back_in_time_is_never_seen() {
    let folder = tempfile::tempdir().unwrap();
    let way = Way::ask(folder.path(), &wish("a", 1)).unwrap();
    assert!(way.take_back());
    assert!(!way.take_back());
    assert!(take(folder.path()).is_empty());
}

#[test]
fn what_makes_no_sense_or_is_left_over_is_cleared_away() {
    let folder = tempfile::tempdir().unwrap();
    let _way = Way::ask(folder.path(), &wish("a", 1)).unwrap();
    let dead = take(folder.path());
    let asked = folder.path().join(FOLDER);
    fs::write(asked.join("7-1.answered"), "[]").unwrap();
    fs::write(asked.join("8-1.asked"), "nonsense").unwrap();
    let good = Way::ask(folder.path(), &wish("b", 9)).unwrap();
    assert!(clear(folder.path(), Timestamp::EPOCH).is_empty());
    assert_eq!(take(folder.path()).len(), 1);
    drop(dead);
    assert!(!good.take_back());
    assert_eq!(fs::read_dir(&asked).unwrap().count(), 1, "the one that was taken");
}

fn order(key: &str, at: i64) -> Wish {
    let config = crate::config::Config::default();
    let look = crate::output::Output::new(crate::config::OutputFormat::Json, false).look();
    let typed = Typed::new(vec!["tradeport".to_owned()], Some(key.parse().unwrap()), &config, look);
    Wish { want: Want::Order(typed), ..wish("x", at) }
}

#[test]
fn an_order_that_was_asked_before_a_service_began_is_refused_for_good_and_a_cancel_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let left = Way::ask(folder.path(), &order("left", 1)).unwrap();
    let cancel = Way::ask(folder.path(), &wish("a", 2)).unwrap();
    assert_eq!(clear(folder.path(), Timestamp::EPOCH), ["left"]);
    let refused = Report::of(&left.answer().unwrap().unwrap().unwrap_err().into());
    assert!(refused.message.contains("before the service had begun"), "{}", refused.message);
    assert!(refused.message.contains("nothing was sent") && refused.exit_code == 1);
    let taken = take(folder.path());
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0].wish, wish("a", 2));
    assert!(!cancel.is_lost() && left.is_lost());
}

#[test]
fn a_wish_is_one_of_now_whichever_way_the_clock_was_set() {
    let asked = Timestamp::EPOCH.after(Duration::from_secs(3_600));
    let wish = Wish { at: asked, ..order("k", 0) };
    assert!(wish.is_fresh(asked) && wish.is_fresh(asked.after(GOOD_FOR)));
    assert!(!wish.is_fresh(asked.after(GOOD_FOR + Duration::from_nanos(1))));
    assert!(!wish.is_fresh(asked.before(GOOD_FOR + Duration::from_nanos(1))), "it was set back");
}

#[test]
fn whatever_lies_in_the_folder_is_cleared_away_and_the_next_wish_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let good = Way::ask(folder.path(), &order("good", 9)).unwrap();
    let asked = folder.path().join(FOLDER);
    let large = vec![b' '; usize::try_from(LARGEST_WISH).unwrap() + 1];
    fs::write(asked.join("1-1.asked"), large).unwrap();
    fs::write(asked.join("2-1.asked"), b"{\"at\": 1").unwrap();
    fs::write(asked.join("notes.txt"), "mine").unwrap();
    fs::create_dir(asked.join("3-1.asked")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("/dev/zero", asked.join("4-1.asked")).unwrap();
    let taken = take(folder.path());
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0].wish, order("good", 9));
    assert!(!good.take_back());
    let mut left: Vec<_> = fs::read_dir(&asked).unwrap().map(|it| it.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, [&*format!("9-{}.taken", std::process::id()), "notes.txt"]);
}

#[test]
fn whoever_asked_and_died_while_writing_has_asked_for_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let whole = Way::ask(folder.path(), &order("k", 1)).unwrap();
    let asked = folder.path().join(FOLDER);
    fs::rename(whole.file(ASKED), asked.join("1-1.asked.new")).unwrap();
    assert!(take(folder.path()).is_empty());
    assert!(clear(folder.path(), Timestamp::EPOCH).is_empty());
    assert_eq!(fs::read_dir(&asked).unwrap().count(), 0);
}

#[cfg(unix)]
#[test]
fn nobody_else_may_ask_or_read_what_is_asked() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let way = Way::ask(folder.path(), &order("k", 1)).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder.path().join(FOLDER)), 0o700);
    assert_eq!(mode(&way.file(ASKED)), 0o600);
    let taken = take(folder.path()).pop().unwrap();
    taken.answer(&Ok(Done::Cancelled(Vec::new()))).unwrap();
    assert_eq!(mode(&way.file(ANSWERED)), 0o600);
}
