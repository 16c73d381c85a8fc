//! The integration scenarios as they are typed.

use super::support::Place;

#[test]
fn the_scenarios_have_names_and_one_of_them_can_be_played() {
    let place = Place::new();
    let listed = place.run("integration --list");
    assert_eq!(listed.code, Some(0), "{}", listed.err);
    assert!(listed.out.lines().any(|it| it == "orders.bracket"), "{}", listed.out);

    let ran = place.run("--json integration --fake --only link.health --report said");
    assert_eq!(ran.code, Some(0), "{} {}", ran.out, ran.err);
    let told = ran.json();
    for (place, name) in ["fake-broker", "fake-tws"].into_iter().enumerate() {
        let (one, counts) = (&told[place], ["passed", "failed", "skipped"]);
        assert_eq!(one["backend"], name);
        assert_eq!(counts.map(|count| one[count].as_u64()), [Some(1), Some(0), Some(0)], "{one}");
        assert_eq!((one["not_opened"].as_str(), one["left_over"].as_array().map(Vec::len)), (None, Some(0)));
    }
    let written = |name: &str| std::fs::read_to_string(place.path().join("said").join(name)).unwrap();
    assert!(written("fake-broker.md").contains("| `link.health` |"));
    assert!(written("fake-broker.junit.xml").contains("classname=\"fake-broker.link\" name=\"health\""));
    assert!(!place.data().exists(), "a run keeps everything in the folder of its report");
}

#[test]
fn what_is_asked_for_in_a_wrong_way_is_told_and_nothing_is_played() {
    let place = Place::new();
    for (typed, told) in [
        ("integration", "--fake"),
        ("integration --fake --tws 127.0.0.1:7497", "cannot be used with"),
        ("integration --tws 7497", "a machine and a port"),
        ("integration --fake --look-only", "cannot be used with"),
        ("integration --fake --only nosuch", "no scenario is named nosuch"),
    ] {
        let ran = place.run(typed);
        assert_eq!(ran.code, Some(2), "{typed}: {}", ran.err);
        assert!(ran.err.contains(told), "{typed}: {}", ran.err);
    }
    assert!(!place.path().join("integration-report").exists());
}

#[test]
fn a_port_of_a_live_account_is_refused_whatever_else_is_said() {
    let place = Place::new();
    let ran = place.run("--allow-live integration --tws 127.0.0.1:7496");
    assert_eq!(ran.code, Some(1), "{} {}", ran.out, ran.err);
    assert!(ran.out.contains("port 7496 belongs to a live account"), "{}", ran.out);
    assert!(ran.out.contains("log in to a paper account"), "{}", ran.out);
    assert!(!ran.out.contains("say --allow-live"), "it was said, and is in vain: {}", ran.out);
    let written = std::fs::read_to_string(place.path().join("integration-report/tws.junit.xml")).unwrap();
    assert!(written.contains("time=\"0.000\""), "{written}");
}
