//! Documents: what they say, and what is said of their mistakes.

use super::*;
use crate::wire::{AnswerKind, RequestKind};
use proptest::prelude::*;
use std::time::Duration;

fn mistake(document: &str) -> String {
    document.parse::<Scenario>().unwrap_err().to_string()
}

fn rule_with(word: &Word) -> String {
    let lines = |text: &str| text.replace(", ", "\n");
    match word.part {
        Part::Trigger => format!("[[rule]]\n{}\ndo = [\"cut\"]\n", lines(word.example)),
        Part::Filter if word.word == "status" => {
            format!("[[rule]]\non = \"sending\"\n{}\ndo = [\"drop\"]\n", word.example)
        }
        Part::Filter => format!("[[rule]]\non = \"sending\"\n{}\ndo = [\"cut\"]\n", word.example),
        Part::Sent => format!("[[rule]]\non = \"sending\"\ndo = [{}]\n", word.example),
        Part::Asked => format!("[[rule]]\non = \"received\"\ndo = [{}]\n", word.example),
        Part::Connections | Part::Server | Part::Order => {
            format!("[[rule]]\non = \"execution\"\ndo = [{}]\n", word.example)
        }
    }
}

#[test]
fn every_word_of_the_table_is_understood_as_written_there() {
    for word in WORDS {
        let document = rule_with(word);
        let scenario: Scenario = document.parse().unwrap_or_else(|error| panic!("{document}: {error}"));
        let rule = &scenario.rules()[0];
        if !matches!(word.part, Part::Trigger | Part::Filter) {
            assert_eq!(rule.acts[0].word(), word.word);
        }
    }
}

/// The names between backticks behind `expected`.
fn expected(mistake: &str) -> Vec<&str> {
    let (_, list) = mistake.split_once("expected").unwrap();
    list.split('`').skip(1).step_by(2).collect()
}

#[test]
fn no_act_and_no_key_is_missing_in_the_table() {
    let acts = mistake("[[rule]]\nat = \"1s\"\ndo = [\"nonsense\"]\n");
    for act in expected(&acts) {
        assert!(WORDS.iter().any(|row| row.word == act), "{act}");
    }
    assert_eq!(
        expected(&acts).len(),
        WORDS.iter().filter(|row| !matches!(row.part, Part::Trigger | Part::Filter)).count()
    );
    let keys = mistake("[[rule]]\nat = \"1s\"\nnonsense = 1\ndo = [\"cut\"]\n");
    for key in expected(&keys).into_iter().filter(|key| !["on", "do", "message"].contains(key)) {
        assert!(WORDS.iter().any(|row| row.word == key), "{key}");
    }
    let events = mistake("[[rule]]\non = \"nonsense\"\ndo = [\"cut\"]\n");
    for event in expected(&events) {
        assert!(WORDS.iter().any(|row| row.word == format!("on {event}")), "{event}");
    }
}

#[test]
fn every_mistake_names_its_line_what_is_wrong_and_what_is_allowed() {
    for (document, line, wrong, allowed) in [
        ("[[rule]]\nat = \"soon\"\ndo = [\"cut\"]", 2, "soon", "90s"),
        ("[[rule]]\nat = \"1s\"\ndo = [\"dorp\"]", 3, "`dorp`", "`drop`"),
        ("[[rule]]\nat = \"1s\"\ndo = [{ stall = 5 }]", 3, "integer `5`", "string"),
        ("[[rule]]\nat = \"1s\"\ndo = [{ stall = \"5\" }]", 3, "\"5\"", "90s"),
        ("[[rule]]\nat = \"1s\"\ndo = [{ restart = { dwon = \"1s\" } }]", 3, "`dwon`", "`down`"),
        ("[[rule]]\nat = \"1s\"\ndo = [{ restart = { port = \"shut\" } }]", 3, "`shut`", "`refuses`"),
        ("[[rule]]\nat = \"1s\"\nevery = \"1s\"\ndo = [\"cut\"]", 1, "rule 1", "exactly one of"),
        ("[[rule]]\ndo = [\"cut\"]", 1, "rule 1", "exactly one of"),
        ("[[rule]]\nat = \"1s\"\ndo = []", 1, "does nothing", "acts"),
        ("[[rule]]\nat = \"1s\"", 1, "missing key", "do"),
        ("# so\n[[rule]]\nat = \"1s\"\ndo = [\"drop\"]", 2, "drop", "on = \"sending\""),
        ("[[rule]]\non = \"sending\"\ndo = [\"ignore\"]", 1, "ignore", "on = \"received\""),
        ("[[rule]]\non = \"sending\"\nmessage = \"ORDER\"\ndo = [\"drop\"]", 3, "\"ORDER\"", "ORDER_STATUS"),
        ("[[rule]]\non = \"received\"\nmessage = \"xyz\"\ndo = [\"ignore\"]", 3, "\"xyz\"", "placeOrder"),
        ("[[rule]]\non = \"order\"\ndo = [\"cut\"]", 1, "rule 1", "status"),
        ("[[rule]]\non = \"order\"\nstatus = \"Fulled\"\ndo = [\"cut\"]", 3, "`Fulled`", "`Filled`"),
        ("[[rule]]\non = \"execution\"\ntimes = \"often\"\ndo = [\"cut\"]", 3, "often", "always"),
        ("[[rule]]\non = \"execution\"\ntimes = 0\ndo = [\"cut\"]", 1, "times", "1 or more"),
        ("[[rule]]\non = \"execution\"\nchance = 1.5\ndo = [\"cut\"]", 1, "1.5", "at most 1"),
        ("[[rule]]\nevery = \"1ms\"\ndo = [\"cut\"]", 1, "every", "at least 100ms"),
        ("[[rule]]\non = \"connection\"\nclient = 1\ndo = [\"cut\"]", 1, "client", "on = \"start\""),
        ("[[rule]]\nat = \"1s\"\ncode = 3\ndo = [\"cut\"]", 1, "code", "on = \"sending\""),
        ("[[rule]]\non = \"sending\"\nafter = \"1s\"\ndo = [\"drop\"]", 1, "drop", "no after"),
        ("[[rule]]\non = \"sending\"\ndo = [{ split = { pieces = 1 } }]", 1, "split", "2 to 4096"),
        ("[[rule]]\nat = \"1s\"\ndo = [{ language = \"latin\" }]", 3, "`latin`", "`german`"),
        ("[[rule]]\nat = \"1s\"\ndo = [{ raw = \"0g\" }]", 3, "", "hexadecimal"),
        ("", 1, "no rule", "[[rule]]"),
        ("[rule]\nat = \"1s\"", 1, "", "sequence"),
        ("[[rule]\n", 1, "", ""),
        ("[[rules]]\n", 1, "`rules`", "`rule`"),
    ] {
        let told = mistake(document);
        assert!(told.starts_with(&format!("line {line}: ")), "{document}\n{told}");
        assert!(told.contains(wrong) && told.contains(allowed), "{document}\n{told}");
        assert_eq!(told.lines().count(), 1, "{told}");
    }
}

#[test]
fn a_document_says_what_code_says() {
    let read: Scenario = r#"
        [[rule]]
        on = "received"
        message = "cancelOrder"
        client = 7
        times = 2
        from = "1s"
        until = "1m"
        do = ["fill", { pretend = "Cancelled" }, { refuse = { code = 161 } }]

        [[rule]]
        at = "Sun 03:00 Europe/Zurich"
        do = [{ notice = { code = 1100, text = "so" } }, { stop_data = {} }]

        [[rule]]
        status = "Filled"
        on = "sending"
        chance = 0.5
        do = [{ reorder = { behind = 3 } }]
    "#
    .parse()
    .unwrap();
    let built = Scenario::new()
        .on(Event::received(RequestKind::CancelOrder))
        .client(7)
        .times(2)
        .from(Duration::from_secs(1))
        .until(Duration::from_secs(60))
        .act(Act::Fill)
        .act(Act::Pretend(OrderState::Cancelled))
        .act(Act::Refuse(Refusal::of(161)))
        .daily(TimeOfDay::parse("Sun 03:00:00 Europe/Zurich").unwrap())
        .act(Act::Notice(Notice { text: Some("so".to_owned()), ..Notice::of(1100) }))
        .act(Act::StopData(StopData::default()))
        .on(Event::sending_status(OrderState::Filled))
        .chance(0.5)
        .act(Act::Reorder(Reorder { behind: 3, ..Reorder::default() }))
        .done()
        .unwrap();
    assert_eq!(read, built);
}

#[test]
fn code_that_cannot_be_played_is_refused_with_the_rule() {
    let wrong = Scenario::new()
        .at(Duration::ZERO)
        .act(Act::Cut)
        .on(Event::sending(AnswerKind::NextValidId))
        .act(Act::Ignore)
        .done()
        .unwrap_err();
    assert_eq!(wrong.to_string(), "rule 2: ignore is done to a request: expected on = \"received\"");
    assert!(Scenario::new().at(Duration::MAX).act(Act::Cut).done().is_err());
    assert!(Scenario::new().at(Duration::ZERO).chance(f64::NAN).act(Act::Cut).done().is_err());
}

proptest! {
    #[test]
    fn whatever_stands_there_is_a_scenario_or_an_error(text in "[\\[\\]rule=a-z \"\n{}0-9,._]{0,200}") {
        if let Err(error) = text.parse::<Scenario>() {
            prop_assert!(error.to_string().starts_with("line "));
        }
    }

    #[test]
    fn whatever_stands_in_a_rule_is_a_rule_or_an_error(
        key in "(at|every|on|message|code|status|nth|times|chance|client|from|until|after|do)",
        value in "[\"\\[\\]{}a-z0-9:. =-]{0,30}",
    ) {
        let document = format!("[[rule]]\nat = \"1s\"\n{key} = {value}\ndo = [\"cut\"]\n");
        if let Err(error) = document.parse::<Scenario>() {
            prop_assert!(error.to_string().starts_with("line "));
        }
    }
}
