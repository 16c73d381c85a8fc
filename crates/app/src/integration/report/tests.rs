//! Reports as they are read.

use super::*;

fn report() -> Report {
    let check = |expected: &str, seen: &str, held| Check {
        expected: expected.to_owned(),
        seen: seen.to_owned(),
        held,
    };
    let played =
        |name, verdict, checks| Played { name, expected: "all is well", verdict, seconds: 0.5, checks };
    Report {
        account: masked("DU1234567"),
        hidden: vec!["DU1234567".to_owned(), "DU7654321".to_owned()],
        played: vec![
            played("link.health", Verdict::Passed, vec![check("up", "up", true)]),
            played(
                "orders.cancel",
                Verdict::Failed("a < b & \"c\" | d".to_owned()),
                vec![check("1|2", "3\n4", false)],
            ),
            played("quotes.greeks", Verdict::Skipped("no port".to_owned()), Vec::new()),
            played(
                "account.summary",
                Verdict::Passed,
                vec![check("of DU1234567", "DU1234567, DU7654321", true)],
            ),
        ],
        ..Report::empty("fake-broker")
    }
}

#[test]
fn people_read_counts_a_table_and_what_was_seen() {
    let text = markdown::text(&report());
    assert!(text.contains("Account DU…567. 2 passed, 1 failed, 1 skipped."), "{text}");
    assert!(text.contains("| `orders.cancel` | all is well | FAILED | a < b & \"c\" \\| d |"), "{text}");
    assert!(text.contains("| 1\\|2 | 3 4 | **otherwise** |"), "{text}");
    assert!(text.contains("| `quotes.greeks` | all is well | skipped | no port |"), "{text}");
}

#[test]
fn whoever_a_report_is_handed_on_to_learns_no_account_from_it() {
    let folder = tempfile::tempdir().unwrap();
    let paths = write(&report(), folder.path()).unwrap();
    for path in [paths.markdown, paths.junit] {
        let text = std::fs::read_to_string(path).unwrap();
        assert!(!text.contains("DU1234567") && !text.contains("DU7654321"), "{text}");
        assert!(text.contains("of DU…567"), "{text}");
        assert!(text.contains("DU…567, DU…321"), "{text}");
    }
}

#[test]
fn build_servers_read_sound_xml_with_the_same_counts() {
    let mut report = report();
    report.left_over.push("an order".to_owned());
    let text = junit::text(&report);
    assert!(text.contains("tests=\"5\" failures=\"2\" errors=\"0\" skipped=\"1\" time=\"2.000\""), "{text}");
    assert!(text.contains("message=\"a &lt; b &amp; &quot;c&quot; | d\""), "{text}");
    assert!(text.contains("classname=\"fake-broker.link\" name=\"health\" time=\"0.500\""), "{text}");
    for tag in ["testcase", "system-out", "testsuite"] {
        let (open, close) = (format!("<{tag}"), format!("</{tag}>"));
        assert_eq!(text.matches(&open).count(), text.matches(&close).count(), "{tag} in {text}");
    }
}

#[test]
fn only_a_run_with_something_passed_and_nothing_failed_or_left_is_good() {
    assert!(!report().is_good());
    let mut good = report();
    good.played.remove(1);
    assert!(good.is_good());
    assert!(!Report { left_over: vec!["an order".to_owned()], ..good.clone() }.is_good());
    assert!(!Report { played: Vec::new(), ..good }.is_good(), "nothing was played");
    let refused = Report::not_opened("tws", &anyhow::anyhow!("refused"));
    assert!(!refused.is_good());
    assert!(junit::text(&refused).contains("tests=\"1\" failures=\"1\""), "{}", junit::text(&refused));
    assert!(markdown::text(&refused).contains("Nothing was played: refused"));
}
